//! Misbehaviour on demand.

mod error_answer;
mod fault;
mod point;

use std::collections::{BTreeMap, VecDeque};

use tokio::sync::watch;

use crate::guarded::Guarded;

pub use self::error_answer::ErrorAnswer;
pub use self::fault::Fault;
pub(crate) use self::point::Point;

/// Misbehaviour on demand: once, from now on, or at a later turn.
///
/// Every fault has one point where it is applied: an endpoint's request, the next ID token, the next authorization
/// response, the next answer of the token endpoint, the next profile or photo. Each point has its own queue: the
/// first [`once`](Faults::once) meets the next turn of that point, the second the turn after it.
#[derive(Debug)]
pub struct Faults {
    plan: Guarded<Plan>,
    /// How often [`Faults::release`] was called.
    released: watch::Sender<u64>,
    /// How many requests are held now.
    held: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Plan {
    always: Vec<Fault>,
    turns: BTreeMap<Point, VecDeque<Vec<Fault>>>,
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self { plan: Guarded::default(), released: watch::Sender::new(0), held: watch::Sender::new(0) }
    }

    /// Applies the fault at the next free turn of its point.
    pub fn once(&self, fault: Fault) {
        self.after(0, fault);
    }

    /// Lets `turns` turns of the fault's point pass (after those already planned), then applies it once.
    pub fn after(&self, turns: usize, fault: Fault) {
        self.plan.with(|plan| {
            let queue = plan.turns.entry(fault.point()).or_default();
            queue.extend(std::iter::repeat_with(Vec::new).take(turns));
            queue.push_back(vec![fault]);
        });
    }

    /// Applies all these faults together, each at the next free turn of its point.
    pub fn together(&self, faults: impl IntoIterator<Item = Fault>) {
        let mut turns: BTreeMap<Point, Vec<Fault>> = BTreeMap::new();
        for fault in faults {
            turns.entry(fault.point()).or_default().push(fault);
        }
        self.plan.with(|plan| {
            for (point, faults) in turns {
                plan.turns.entry(point).or_default().push_back(faults);
            }
        });
    }

    /// Applies the fault at every turn of its point until [`clear`](Faults::clear).
    pub fn always(&self, fault: Fault) {
        self.plan.with(|plan| plan.always.push(fault));
    }

    /// Forgets every fault and releases every held request.
    pub fn clear(&self) {
        self.plan.with(|plan| *plan = Plan::default());
        self.release();
    }

    /// Lets every request go on that [`Fault::Hang`] holds now.
    pub fn release(&self) {
        self.released.send_modify(|count| *count += 1);
    }

    /// How many requests are held now.
    #[must_use]
    pub fn held(&self) -> usize {
        *self.held.borrow()
    }

    /// Waits until at least `count` requests are held.
    pub async fn wait_until_held(&self, count: usize) {
        let mut held = self.held.subscribe();
        // The sender lives as long as `self`.
        let _ = held.wait_for(|held| *held >= count).await;
    }

    /// The faults of this turn of a point.
    pub(crate) fn take(&self, point: Point) -> Vec<Fault> {
        self.plan.with(|plan| {
            let mut faults: Vec<Fault> = plan.always.iter().filter(|fault| fault.point() == point).cloned().collect();
            faults.extend(plan.turns.get_mut(&point).and_then(VecDeque::pop_front).unwrap_or_default());
            faults
        })
    }

    /// Holds the caller until the next [`Faults::release`].
    pub(crate) async fn hold(&self) {
        let mut released = self.released.subscribe();
        let before = *released.borrow_and_update();
        let _held = Held::new(&self.held);
        let _ = released.wait_for(|count| *count != before).await;
    }
}

/// Counts one held request, also when its client goes away.
struct Held<'a>(&'a watch::Sender<usize>);

impl<'a> Held<'a> {
    fn new(count: &'a watch::Sender<usize>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
