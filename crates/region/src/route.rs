//! Routes: from what people type to stops, posts and uncovered places.

use crate::ids::{CheckpointId, PlaceId, ZoneId};
use crate::model::Gap;
use crate::names::Names;
use crate::region::Region;
use crate::spelling::{NameKind, UnknownName, unknown};

/// A stop of a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stop {
    /// A place inside a zone.
    Place(PlaceId),
    /// A military checkpoint, where a copy is left.
    Checkpoint(CheckpointId),
}

impl Stop {
    /// The id as text, for instance to store it; [`Region::resolve_route`] reads it back.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Place(id) => id.as_str(),
            Self::Checkpoint(id) => id.as_str(),
        }
    }
}

/// A stop that the permitted zones do not cover (requirement 11 of DOMAIN.md).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// The stop.
    pub stop: Stop,
    /// The zone that the permit lacks; `None` when this region file does not know the stop, so that nothing can vouch
    /// for it.
    pub zone: Option<ZoneId>,
}

impl Uncovered {
    /// The code, the id of its message in `region.ftl`; its `zone` argument is the word `none` where `zone` is `None`.
    pub const CODE: &'static str = "stop-not-covered";
}

/// The posts of a route in the order in which they are first met, each once.
pub fn posts_on(route: &[Stop]) -> Vec<CheckpointId> {
    let mut posts = Vec::new();
    for stop in route {
        if let Stop::Checkpoint(id) = stop
            && !posts.contains(id)
        {
            posts.push(id.clone());
        }
    }
    posts
}

impl Region {
    /// The stops that were typed: each a place, a checkpoint, or a whole named route, which stands for its stops.
    ///
    /// A name that is both a checkpoint and a place or crossing (Torugart, Irkeshtam) means the checkpoint. The first
    /// unknown name is an error of kind [`NameKind::Place`] with the nearest places, posts and routes.
    pub fn resolve_route(&self, stops: &[impl AsRef<str>]) -> Result<Vec<Stop>, UnknownName> {
        let mut resolved = Vec::new();
        for typed in stops {
            let typed = typed.as_ref();
            if let Some(stop) = self.stop(typed) {
                resolved.push(stop);
            } else if let Some(route) = self.route_index().find(typed).and_then(|at| self.routes().get(at)) {
                resolved.extend(route.stops.iter().filter_map(|id| self.stop(id)));
            } else {
                let known = [self.checkpoint_index(), self.place_index(), self.route_index()];
                return Err(unknown(NameKind::Place, typed, &known));
            }
        }
        Ok(resolved)
    }

    /// The checkpoint or place with this spelling.
    pub(crate) fn stop(&self, spelling: &str) -> Option<Stop> {
        let post = self.checkpoint_index().find(spelling).and_then(|at| self.checkpoints().get(at));
        if let Some(post) = post {
            return Some(Stop::Checkpoint(post.id.clone()));
        }
        let place = self.place_index().find(spelling).and_then(|at| self.places().get(at))?;
        Some(Stop::Place(place.id.clone()))
    }

    /// The zone of a stop; `None` when this region does not have the stop.
    pub fn zone_of(&self, stop: &Stop) -> Option<&ZoneId> {
        match stop {
            Stop::Place(id) => self.place_by_id(id).map(|place| &place.zone),
            Stop::Checkpoint(id) => self.checkpoint_by_id(id).map(|post| &post.zone),
        }
    }

    /// The names of a stop; `None` when this region does not have the stop.
    pub fn names_of(&self, stop: &Stop) -> Option<&Names> {
        match stop {
            Stop::Place(id) => self.place_by_id(id).map(|place| &place.name),
            Stop::Checkpoint(id) => self.checkpoint_by_id(id).map(|post| &post.name),
        }
    }

    /// The zones that a route touches, in the order in which they are first met, each once.
    pub fn zones_on(&self, route: &[Stop]) -> Vec<ZoneId> {
        let mut zones = Vec::new();
        for zone in route.iter().filter_map(|stop| self.zone_of(stop)) {
            if !zones.contains(zone) {
                zones.push(zone.clone());
            }
        }
        zones
    }

    /// The stops that do not lie in one of `zones`, in the order of the route, each once. Empty: every stop is covered.
    pub fn uncovered(&self, route: &[Stop], zones: &[ZoneId]) -> Vec<Uncovered> {
        let mut missing: Vec<Uncovered> = Vec::new();
        for stop in route {
            let zone = self.zone_of(stop);
            let covered = zone.is_some_and(|zone| zones.contains(zone));
            if !covered && !missing.iter().any(|known| known.stop == *stop) {
                missing.push(Uncovered { stop: stop.clone(), zone: zone.cloned() });
            }
        }
        missing
    }

    /// What is known to be unknown around the stops of a route, for instance posts that travellers met and nobody
    /// named: a reason to print spare copies.
    pub fn gaps_on(&self, route: &[Stop]) -> Vec<&Gap> {
        // References hold exact ids; the file's check has seen to it.
        let near = |gap: &&Gap| gap.near.iter().any(|id| route.iter().any(|stop| stop.as_str() == id));
        self.gaps().iter().filter(near).collect()
    }
}
