//! Who has an interest in an item of the agenda, and whether that person stepped aside.

use crate::prelude::*;

record! {
    /// A person's interest in an item of the agenda (forvaltningsloven § 6, kommuneloven § 11-10).
    InterestDeclaration "interest_declaration" "interest-declarations" "interest_declarations" of project {
        /// The item.
        agenda_item_id: Uuid,
        /// The person.
        person_id: Uuid,
        /// What the interest is.
        #[schema(min_length = 1, max_length = 2000, example = "Styremedlem i Astafjord Utvikling AS")]
        interest: String,
        /// The law and paragraph that it is judged by.
        #[schema(max_length = 200, example = "fvl. § 6 første ledd e")]
        basis: Option<String>,
        /// Whether the person stepped aside from the item; null until it is decided.
        #[schema(example = true)]
        recused: Option<bool>,
    }
}
