//! Where labels stand so that none of them lies over another.

/// The least room between two labels, in pixels.
pub const GAP: f64 = 8.0;

/// A label that is to stand as near as it can to a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The place that its middle is to stand at.
    pub at: f64,
    /// Its width.
    pub width: f64,
}

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Its left edge.
    pub left: f64,
    /// Its line, from above: 0 is the first.
    pub lane: usize,
}

/// A place for each label between two edges: on the first line where it has room.
#[must_use]
pub fn placed(wanted: &[Wanted], left: f64, right: f64) -> Vec<Spot> {
    let mut order: Vec<(usize, f64)> =
        wanted.iter().enumerate().map(|(index, label)| (index, edge(label, left, right))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut ends: Vec<f64> = Vec::new();
    let mut spots = vec![Spot { left, lane: 0 }; wanted.len()];
    for (index, edge) in order {
        let end = edge + wanted[index].width;
        let lane = ends.iter().position(|taken| taken + GAP <= edge).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(end);
        } else {
            ends[lane] = end;
        }
        spots[index] = Spot { left: edge, lane };
    }
    spots
}

/// Where a label begins that has its middle where it wants to, unless it would go over an edge.
fn edge(label: &Wanted, left: f64, right: f64) -> f64 {
    (label.at - label.width / 2.0).min(right - label.width).max(left)
}

/// How many lines the labels take.
#[must_use]
pub fn lanes(spots: &[Spot]) -> usize {
    spots.iter().map(|spot| spot.lane + 1).max().unwrap_or_default()
}

/// Labels one after another in lines, as words in a text.
#[must_use]
pub fn flowed(widths: &[f64], left: f64, right: f64) -> Vec<Spot> {
    let (mut at, mut lane) = (left, 0);
    let mut spots = Vec::with_capacity(widths.len());
    for width in widths {
        if at > left && at + width > right {
            (at, lane) = (left, lane + 1);
        }
        spots.push(Spot { left: at, lane });
        at += width + GAP * 2.0;
    }
    spots
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{GAP, Spot, Wanted, flowed, lanes, placed};

    fn apart(wanted: &[f64], spots: &[Spot]) -> bool {
        let pairs = (0..spots.len()).flat_map(|a| (a + 1..spots.len()).map(move |b| (a, b)));
        pairs.into_iter().all(|(a, b)| {
            let (one, other) = (spots[a], spots[b]);
            one.lane != other.lane
                || one.left + wanted[a] + GAP <= other.left + 1e-9
                || other.left + wanted[b] + GAP <= one.left + 1e-9
        })
    }

    #[test]
    fn a_label_stands_where_it_wants_to_until_another_is_in_its_way() {
        let label = |at| Wanted { at, width: 60.0 };
        let spots = placed(&[label(100.0), label(300.0), label(110.0), label(0.0), label(500.0)], 0.0, 500.0);
        assert_eq!(spots[0], Spot { left: 70.0, lane: 0 });
        assert_eq!(spots[1], Spot { left: 270.0, lane: 0 });
        assert_eq!(spots[2], Spot { left: 80.0, lane: 1 });
        assert_eq!((spots[3].left, spots[4].left), (0.0, 440.0), "within the edges");
        assert_eq!(lanes(&spots), 2);
        assert_eq!(lanes(&[]), 0);
    }

    proptest! {
        #[test]
        fn no_label_lies_over_another(labels in prop::collection::vec((0.0_f64..900.0, 5.0_f64..200.0), 0..40)) {
            let wanted: Vec<Wanted> = labels.iter().map(|(at, width)| Wanted { at: *at, width: *width }).collect();
            let spots = placed(&wanted, 0.0, 900.0);
            let widths: Vec<f64> = labels.iter().map(|(_, width)| *width).collect();
            prop_assert!(apart(&widths, &spots));
            prop_assert!(spots.iter().zip(&widths).all(|(spot, width)| spot.left >= 0.0 && spot.left + width <= 900.0 + 1e-9));
            let spots = flowed(&widths, 0.0, 900.0);
            prop_assert!(apart(&widths, &spots));
        }
    }
}
