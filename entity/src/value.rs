//! Exact values that JSON, SQLite and PostgreSQL all keep to the last digit.

use std::fmt;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, StringLen, Value, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// Declares an exact decimal: stored as a whole number of its smallest unit, sent as a JSON number.
macro_rules! decimal {
    ($(#[doc = $doc:tt])* $name:ident, $places:literal, $unit:literal) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// How many of the smallest unit make one.
            pub const UNIT: i64 = $unit;

            /// Largest value: every one up to it, with all its decimals, is exact as a JSON number.
            pub const MOST: i64 = 9_000_000_000_000_000 / $unit;

            /// The exact value of a JSON number; `None` with more decimals than fit, or beyond [`Self::MOST`].
            #[must_use]
            pub fn from_number(number: f64) -> Option<Self> {
                let scaled = (number * $unit as f64).round();
                let exact = scaled / $unit as f64 == number && scaled.abs() <= 9e15;
                #[expect(clippy::cast_possible_truncation, reason = "bounded by the line above")]
                exact.then_some(Self(scaled as i64))
            }

            /// The number as JSON shows it: a division of two exact integers rounds to the shortest decimal.
            #[must_use]
            pub fn number(self) -> f64 {
                self.0 as f64 / $unit as f64
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                Self(values.map(|value| value.0).sum())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.number())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if self.0 % $unit == 0 {
                    serializer.serialize_i64(self.0 / $unit)
                } else {
                    serializer.serialize_f64(self.number())
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = f64::deserialize(deserializer)?;
                Self::from_number(number)
                    .ok_or_else(|| D::Error::custom(concat!("expected at most ", $places, " decimals")))
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::Number)
                    .multiple_of(Some(1.0 / $unit as f64))
                    .minimum(Some(-Self::MOST))
                    .maximum(Some(Self::MOST))
                    .description(Some(concat!("A decimal number with at most ", $places, " decimals, kept exactly.")))
                    .into()
            }
        }

        impl ToSchema for $name {}

        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                Value::BigInt(Some(value.0))
            }
        }

        impl TryGetable for $name {
            fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
                i64::try_get_by(row, index).map(Self)
            }
        }

        impl ValueType for $name {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                <i64 as ValueType>::try_from(value).map(Self)
            }
            fn type_name() -> String {
                stringify!($name).to_owned()
            }
            fn array_type() -> ArrayType {
                ArrayType::BigInt
            }
            fn column_type() -> ColumnType {
                ColumnType::BigInteger
            }
        }

        impl Nullable for $name {
            fn null() -> Value {
                Value::BigInt(None)
            }
        }
    };
}

decimal! {
    /// Full-time equivalents, fractions and hours: a decimal number with at most two decimals.
    Decimal2, "two", 100
}
decimal! {
    /// Measured values, weights and targets: a decimal number with at most four decimals.
    Decimal4, "four", 10_000
}

/// A reference to a record of any kind; on the wire `{"kind": "milestone", "id": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRef {
    /// The kind of record, as in events.
    #[schema(max_length = 40, example = "milestone")]
    pub kind: String,
    /// Its identifier.
    pub id: Uuid,
}

impl RecordRef {
    /// The stored form, `kind:id`, which an index and an equality can use.
    #[must_use]
    pub fn stored(&self) -> String {
        format!("{}:{}", self.kind, self.id)
    }

    /// Reads the stored form.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        Some(Self { kind: kind.to_owned(), id: id.parse().ok()? })
    }
}

impl From<RecordRef> for Value {
    fn from(value: RecordRef) -> Self {
        Value::String(Some(value.stored()))
    }
}

impl TryGetable for RecordRef {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        Self::from_stored(&text)
            .ok_or_else(|| TryGetError::DbErr(DbErr::Type(format!("not a stored reference: {text}"))))
    }
}

impl ValueType for RecordRef {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let text = <String as ValueType>::try_from(value)?;
        Self::from_stored(&text).ok_or(ValueTypeErr)
    }
    fn type_name() -> String {
        "RecordRef".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::String
    }
    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::N(80))
    }
}

impl Nullable for RecordRef {
    fn null() -> Value {
        Value::String(None)
    }
}
