//! Which things lead back to themselves: the strongly connected components of a graph, by Tarjan's
//! algorithm (1972) without recursion, in time proportional to things and edges.

/// The circles of a graph.
pub(super) struct Circles {
    /// The component of each thing.
    component: Vec<usize>,
    /// Whether a component is a circle, and not a thing alone.
    closed: Vec<bool>,
}

impl Circles {
    /// Finds the circles; `edges` holds what each thing leads to.
    pub(super) fn of(edges: &[Vec<usize>]) -> Self {
        let mut search = Search {
            edges,
            number: vec![0; edges.len()],
            low: vec![0; edges.len()],
            met: 0,
            waiting: Vec::new(),
            circles: Self { component: vec![usize::MAX; edges.len()], closed: Vec::new() },
        };
        for start in 0..edges.len() {
            if search.number[start] == 0 {
                search.from(start);
            }
        }
        search.circles
    }

    /// The component of a thing: things that lead to each other have the same.
    pub(super) fn component(&self, thing: usize) -> usize {
        self.component[thing]
    }

    /// What each component leads to.
    pub(super) fn condensed(&self, edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let mut condensed: Vec<Vec<usize>> = vec![Vec::new(); self.closed.len()];
        for (from, to) in edges.iter().enumerate() {
            let from = self.component[from];
            let others = to.iter().map(|to| self.component[*to]).filter(|to| *to != from);
            condensed[from].extend(others);
        }
        condensed
    }

    /// Whether an edge between the two is part of a circle.
    pub(super) fn share(&self, from: usize, to: usize) -> bool {
        self.component[from] == self.component[to]
    }

    /// Whether a thing leads back to itself.
    pub(super) fn holds(&self, thing: usize) -> bool {
        self.closed[self.component[thing]]
    }
}

struct Search<'a> {
    edges: &'a [Vec<usize>],
    /// In which order things were met, from 1; 0 for not yet.
    number: Vec<usize>,
    /// The earliest thing that each is known to lead to.
    low: Vec<usize>,
    met: usize,
    /// Met, and not yet in a component.
    waiting: Vec<usize>,
    circles: Circles,
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        self.meet(start);
        // What is being looked at, with the number of its next edge.
        let mut open = vec![(start, 0)];
        while let Some((thing, next)) = open.last_mut() {
            let thing = *thing;
            let edge = self.edges[thing].get(*next).copied();
            *next += 1;
            match edge {
                Some(to) if self.number[to] == 0 => {
                    self.meet(to);
                    open.push((to, 0));
                }
                Some(to) if self.circles.component[to] == usize::MAX => {
                    self.low[thing] = self.low[thing].min(self.number[to]);
                }
                Some(_) => {}
                None => {
                    open.pop();
                    if let Some((before, _)) = open.last() {
                        self.low[*before] = self.low[*before].min(self.low[thing]);
                    }
                    if self.low[thing] == self.number[thing] {
                        self.close(thing);
                    }
                }
            }
        }
    }

    fn meet(&mut self, thing: usize) {
        self.met += 1;
        (self.number[thing], self.low[thing]) = (self.met, self.met);
        self.waiting.push(thing);
    }

    /// All that was met since `first` is a component.
    fn close(&mut self, first: usize) {
        let component = self.circles.closed.len();
        let start = self.waiting.iter().rposition(|thing| *thing == first).unwrap_or(0);
        let alone = self.waiting.len() - start == 1 && !self.edges[first].contains(&first);
        self.circles.closed.push(!alone);
        for thing in self.waiting.drain(start..) {
            self.circles.component[thing] = component;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_with_all_that_is_on_them() {
        // 0 -> 1 -> 2 -> 0, 2 -> 3 -> 4, 5 alone with itself.
        let edges = [vec![1], vec![2], vec![0, 3], vec![4], vec![], vec![5, 3]];
        let circles = Circles::of(&edges);
        let held: Vec<bool> = (0..edges.len()).map(|thing| circles.holds(thing)).collect();
        assert_eq!(held, [true, true, true, false, false, true]);
        assert!(circles.share(0, 2) && circles.share(1, 0));
        assert!(!circles.share(2, 3) && !circles.share(3, 4) && !circles.share(5, 3));
    }

    #[test]
    fn two_circles_that_touch_are_one() {
        let edges = [vec![1], vec![0, 2], vec![1]];
        assert!(Circles::of(&edges).share(0, 2));
    }

    #[test]
    fn a_circle_of_any_length_needs_no_stack() {
        let count = 300_000;
        let edges: Vec<Vec<usize>> = (0..count).map(|at| vec![(at + 1) % count]).collect();
        let circles = Circles::of(&edges);
        assert!(circles.share(0, count - 1) && circles.holds(count / 2));
    }
}
