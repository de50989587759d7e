//! A programme (satsing): what holds regions and their projects together.

use crate::prelude::*;

record! {
    /// A programme (satsing) with its regions, each of which tries it in projects of its own.
    Programme "programme" "programmes" "programmes" {
        /// What the programme is called.
        #[schema(min_length = 1, max_length = 200, example = "Næringsvennlig region")]
        name: String,
        /// What it is for.
        #[schema(max_length = 10000, example = "Bedre offentlige tjenester for næringsutvikling")]
        description: Option<String>,
        /// The organisation that owns the programme.
        owner_id: Option<Uuid>,
    }
}
