//! What the service has signed of its journal, to be kept elsewhere.

use crate::prelude::*;

record! {
    /// The state of the journal's chain of hashes at a moment, signed by the service. Whoever keeps one elsewhere can prove
    /// later that nothing before it was changed, and that the end was not cut off. Only the service writes it.
    JournalCheckpoint "journal_checkpoint" "journal-checkpoints" "journal_checkpoints" {
        /// How many entries the chain had.
        #[schema(read_only, minimum = 1, default = 1, example = 1742)]
        position: i64,
        /// The last of them, by its number in the journal.
        #[schema(read_only, minimum = 1, default = 1, example = 1743)]
        sequence: i64,
        /// The hash of the last of them, over all before it: SHA-256, in lower-case hexadecimal.
        #[schema(
            read_only, min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$",
            default = "0000000000000000000000000000000000000000000000000000000000000000",
            example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        )]
        hash: String,
        /// When it was signed (UTC).
        #[schema(read_only, value_type = String, format = DateTime, example = "2017-11-15T12:00:00Z")]
        signed_at: Instant,
        /// The key that signed it: the thumbprint (RFC 7638) of the public key in the head of `jws`.
        #[schema(read_only, max_length = 64, default = "", example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")]
        key_id: String,
        /// All of it with its signature in one line: a JWS (RFC 7515, EdDSA) over `position`, `sequence`, `hash` and `at`.
        /// Print it, or keep it in a file: `framdrift journal verify --checkpoint FILE` takes it.
        #[schema(read_only, max_length = 2000, default = "", example = "eyJhbGciOiJFZERTQSJ9.eyJwb3NpdGlvbiI6MTc0Mn0.c2lnbmF0dXJl")]
        jws: String,
    }
}
