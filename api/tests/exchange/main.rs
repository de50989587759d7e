//! Exchange on both engines: the project document out and in, the list of municipalities, and the demo's facts.

mod faults;
mod municipalities;
mod rights;
mod round_trip;
mod sor_troms;
mod support;
