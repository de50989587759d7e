//! How a migration writes a record's table: one line per column, the header added, on SQLite and PostgreSQL alike.

use sea_orm_migration::prelude::*;

/// The table of a record that is being made.
#[derive(Debug)]
pub struct RecordTable {
    name: &'static str,
    columns: Vec<ColumnDef>,
    indexes: Vec<IndexCreateStatement>,
}

/// Begins the table of a record with the header that every record carries, and the text that `q=` searches.
#[must_use]
pub fn record(name: &'static str) -> RecordTable {
    let header = [
        ColumnDef::new("id").uuid().not_null().primary_key().to_owned(),
        ColumnDef::new("version").big_integer().not_null().to_owned(),
        ColumnDef::new("created_at").timestamp_with_time_zone().not_null().to_owned(),
        ColumnDef::new("created_by").uuid().null().to_owned(),
        ColumnDef::new("updated_at").timestamp_with_time_zone().not_null().to_owned(),
        ColumnDef::new("updated_by").uuid().null().to_owned(),
        ColumnDef::new("search_text").text().not_null().default("").to_owned(),
    ];
    RecordTable { name, columns: header.into(), indexes: Vec::new() }
}

/// Begins the columns that a table of an earlier step gets beside those that it has.
#[must_use]
pub const fn widened(name: &'static str) -> RecordTable {
    RecordTable { name, columns: Vec::new(), indexes: Vec::new() }
}

/// Drops tables, those that refer to others first: the reverse of the order in which they were made.
///
/// # Errors
/// When the database refuses, for example because a table is still referred to.
pub async fn drop_tables(manager: &SchemaManager<'_>, made: &[&'static str]) -> Result<(), DbErr> {
    for name in made.iter().rev() {
        manager.drop_table(Table::drop().table(*name).to_owned()).await?;
    }
    Ok(())
}

/// An index by its name, its table and its columns in their order.
pub type NamedIndex = (&'static str, &'static str, &'static [&'static str]);

/// Makes indexes on tables of earlier steps.
///
/// # Errors
/// When the database refuses.
pub async fn create_indexes(manager: &SchemaManager<'_>, indexes: &[NamedIndex]) -> Result<(), DbErr> {
    for (name, table, columns) in indexes {
        let mut index = Index::create();
        index.name(*name).table(*table);
        for column in *columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops such indexes.
///
/// # Errors
/// When the database refuses.
pub async fn drop_indexes(manager: &SchemaManager<'_>, indexes: &[NamedIndex]) -> Result<(), DbErr> {
    for (name, table, _) in indexes {
        manager.drop_index(Index::drop().name(*name).table(*table).to_owned()).await?;
    }
    Ok(())
}

/// Declares for each type of column the required one and the one that may be unknown.
macro_rules! columns {
    ($( $(#[doc = $doc:tt])* $required:ident $optional:ident $kind:ident )*) => { $(
        $(#[doc = $doc])*
        #[must_use]
        pub fn $required(self, column: &'static str) -> Self {
            self.column(ColumnDef::new(column).$kind().not_null())
        }

        #[doc = concat!("The same as `", stringify!($required), "`, null while it is not known.")]
        #[must_use]
        pub fn $optional(self, column: &'static str) -> Self {
            self.column(ColumnDef::new(column).$kind().null())
        }
    )* };
}

impl RecordTable {
    columns! {
        /// Text of any length, or a code: the bounds stand in the entity.
        text opt_text text
        /// A whole number.
        integer opt_integer big_integer
        /// An exact decimal, stored as a whole number of its smallest unit.
        decimal opt_decimal big_integer
        /// Yes or no.
        flag opt_flag boolean
        /// A day.
        date opt_date date
        /// An instant, UTC.
        instant opt_instant timestamp_with_time_zone
        /// A list or an object that is read and written whole.
        json opt_json json_binary
    }

    /// Makes it the table of a record of a project.
    #[must_use]
    pub fn of_project(self) -> Self {
        self.reference("project_id", "projects")
    }

    /// A reference to a row of a table that exists, or to one of its own.
    #[must_use]
    pub fn reference(self, column: &'static str, table: &'static str) -> Self {
        self.column(ColumnDef::new(column).uuid().not_null().extra(references(table))).index(column)
    }

    /// A reference to a row without which this one has no meaning: it goes when that one goes.
    #[must_use]
    pub fn owned_by(self, column: &'static str, table: &'static str) -> Self {
        let gone = format!("REFERENCES {table} (id) ON DELETE CASCADE");
        self.column(ColumnDef::new(column).uuid().not_null().extra(gone)).index(column)
    }

    /// The same as `reference`, null while it is not known.
    #[must_use]
    pub fn opt_reference(self, column: &'static str, table: &'static str) -> Self {
        self.column(ColumnDef::new(column).uuid().null().extra(references(table))).index(column)
    }

    /// A reference that the database does not check: to one of several tables, or to one that is made later.
    #[must_use]
    pub fn opt_unchecked_reference(self, column: &'static str) -> Self {
        self.column(ColumnDef::new(column).uuid().null()).index(column)
    }

    /// A reference to a record of any kind, stored as `kind:id`.
    #[must_use]
    pub fn record_ref(self, column: &'static str) -> Self {
        self.text(column).index(column)
    }

    /// The same as `record_ref`, null where there is none.
    #[must_use]
    pub fn opt_record_ref(self, column: &'static str) -> Self {
        self.opt_text(column).index(column)
    }

    /// No two rows may have the same values in these columns; rows where one of them is null do not count.
    #[must_use]
    pub fn unique(mut self, columns: &[&'static str]) -> Self {
        let mut index = self.named_index(columns);
        self.indexes.push(index.unique().to_owned());
        self
    }

    /// Makes the table and its indexes.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let mut create = Table::create();
        create.table(self.name);
        for mut column in self.columns {
            create.col(&mut column);
        }
        manager.create_table(create).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    /// Adds the columns and their indexes to the table that is there.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        for mut column in self.columns {
            let alter = Table::alter().table(self.name).add_column(&mut column).to_owned();
            manager.alter_table(alter).await?;
        }
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    /// Takes the columns and their indexes away again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_away(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        for index in self.indexes {
            let name = index.get_index_spec().get_name().unwrap_or_default().to_owned();
            manager.drop_index(Index::drop().name(name).table(self.name).to_owned()).await?;
        }
        for column in self.columns {
            let alter = Table::alter().table(self.name).drop_column(column.get_column_name()).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }

    fn column(mut self, column: &mut ColumnDef) -> Self {
        self.columns.push(column.to_owned());
        self
    }

    fn index(mut self, column: &'static str) -> Self {
        let index = self.named_index(&[column]);
        self.indexes.push(index);
        self
    }

    fn named_index(&self, columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = Index::create();
        index.name(format!("idx_{}_{}", self.name, columns.join("_"))).table(self.name);
        for column in columns {
            index.col(*column);
        }
        index
    }
}

/// Checked at commit, so that a batch may write the referring row first; both engines know it.
fn references(table: &str) -> String {
    format!("REFERENCES {table} (id) DEFERRABLE INITIALLY DEFERRED")
}
