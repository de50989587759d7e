//! What another system calls a record is its own within a project: two municipalities may use the same system and the same
//! key, and neither learns of the other by it.

use sea_orm_migration::prelude::*;

/// Makes the keys of other systems unique within a project, and within the directory.
#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "external_references";
const EVERYWHERE: &str = "idx_external_references_system_key_kind";
const IN_PROJECT: &str = "idx_external_references_project_id_system_key_kind";
const IN_DIRECTORY: &str = "idx_external_references_directory";

fn index(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(TABLE).unique();
    for column in columns {
        index.col(*column);
    }
    index
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(EVERYWHERE).table(TABLE).to_owned()).await?;
        manager.create_index(index(IN_PROJECT, &["project_id", "system", "key", "kind"])).await?;
        // Rows without a project do not count in that one; both engines take the condition as it stands here.
        let rest = format!(
            "CREATE UNIQUE INDEX {IN_DIRECTORY} ON {TABLE} (\"system\", \"key\", \"kind\") WHERE \"project_id\" IS NULL"
        );
        manager.get_connection().execute_unprepared(&rest).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [IN_DIRECTORY, IN_PROJECT] {
            manager.drop_index(Index::drop().name(name).table(TABLE).to_owned()).await?;
        }
        manager.create_index(index(EVERYWHERE, &["system", "key", "kind"])).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
