//! What a message says: which parts of a record, each as of which version. Its receipt brings that back, so that the service knows
//! what the archive has without having stored what it once sent.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The case folder, as a message gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaidCase {
    /// The version of the project.
    pub version: i64,
    /// Who answers for the case.
    pub responsible: Option<Uuid>,
}

/// The parts that a message gives, each with its version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The case folder.
    pub case: Option<SaidCase>,
    /// The entry of the journal: the version of the document.
    pub entry: Option<i64>,
    /// The entry's description of its document: the version of the document.
    pub description: Option<i64>,
    /// The content: its own version.
    pub content: Option<i64>,
}

impl Said {
    /// Whether it says anything of a document.
    #[must_use]
    pub const fn is_of_a_document(&self) -> bool {
        self.entry.is_some() || self.description.is_some() || self.content.is_some()
    }
}

/// `case.3.<person>,entry.7,description.7,content.1`, as it stands in the address of a receipt.
impl fmt::Display for Said {
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        let case = self.case.map(|case| match case.responsible {
            Some(person) => format!("case.{}.{person}", case.version),
            None => format!("case.{}", case.version),
        });
        let part = |name: &str, version: Option<i64>| version.map(|version| format!("{name}.{version}"));
        let document =
            [part("entry", self.entry), part("description", self.description), part("content", self.content)];
        let parts: Vec<String> = case.into_iter().chain(document.into_iter().flatten()).collect();
        form.write_str(&parts.join(","))
    }
}

impl FromStr for Said {
    type Err = ();

    /// Reads the form of [`Said`], as it is written: each part at most once and in its order, versions from 1.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut said = Self::default();
        for part in text.split(',') {
            let mut words = part.split('.');
            let name = words.next().unwrap_or_default();
            let version: i64 =
                words.next().and_then(|version| version.parse().ok()).filter(|version| *version > 0).ok_or(())?;
            let person = words.next().map(|person| person.parse().map_err(drop)).transpose()?;
            if words.next().is_some() || (person.is_some() && name != "case") {
                return Err(());
            }
            let again = match name {
                "case" => said.case.replace(SaidCase { version, responsible: person }).is_some(),
                "entry" => said.entry.replace(version).is_some(),
                "description" => said.description.replace(version).is_some(),
                "content" => said.content.replace(version).is_some(),
                _ => true,
            };
            if again {
                return Err(());
            }
        }
        if said.to_string() == text { Ok(said) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, SaidCase};
    use uuid::Uuid;

    #[test]
    fn what_is_said_comes_back_as_it_went() {
        let person = Some(Uuid::from_u128(9));
        for case in
            [None, Some(SaidCase { version: 3, responsible: None }), Some(SaidCase { version: 3, responsible: person })]
        {
            let said = Said { case, entry: Some(7), description: None, content: Some(1) };
            assert_eq!(said.to_string().parse(), Ok(said), "{said}");
        }
        for wrong in [
            "",
            "entry",
            "entry.0",
            "entry.-1",
            "entry.1,entry.2",
            "entry.1.x",
            "folder.1",
            "case.1.x",
            "entry.1,",
            "entry.1.2",
        ] {
            assert_eq!(wrong.parse::<Said>(), Err(()), "{wrong}");
        }
    }
}
