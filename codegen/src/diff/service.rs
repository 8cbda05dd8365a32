//! What belongs to the service as a whole.

use super::Effect::{Addition, Breaking, None as Nothing};
use super::Walk;
use super::text::code;

impl Walk<'_> {
    /// Where the API is served, how callers show who they are, how much they may ask.
    pub(super) fn service(&mut self) {
        let (old, new) = (self.old, self.new);
        for server in &new.servers {
            let place = format!("server {}", server.name.wire);
            match old.servers.iter().find(|own| own.name.rust == server.name.rust) {
                None => self.both(&place, "is new", Addition),
                Some(before) if before.url != server.url => {
                    self.tell(&place, "has another URL", Breaking, Nothing);
                }
                Some(_) => {}
            }
        }
        for server in &old.servers {
            if new.servers.iter().all(|own| own.name.rust != server.name.rust) {
                self.both(&format!("server {}", server.name.wire), "is gone", Breaking);
            }
        }
        self.first_server();
        for scheme in &new.schemes {
            let place = format!("security scheme {}", scheme.name.wire);
            match old.schemes.iter().find(|own| own.name.wire == scheme.name.wire) {
                None => self.both(&place, "is new", Addition),
                Some(before) if before.kind != scheme.kind => {
                    self.both(&place, "travels in another way", Breaking);
                }
                Some(_) => {}
            }
        }
        for scheme in &old.schemes {
            if new.schemes.iter().all(|own| own.name.wire != scheme.name.wire) {
                self.both(&format!("security scheme {}", scheme.name.wire), "is gone", Breaking);
            }
        }
        if old.rate_limits != new.rate_limits {
            self.both("rate limits", "are others", Nothing);
        }
    }

    /// The first server is the one that is called unless callers choose.
    fn first_server(&mut self) {
        let (Some(before), Some(after)) = (self.old.servers.first(), self.new.servers.first())
        else {
            return;
        };
        let is_kept = self.new.servers.iter().any(|own| own.name.rust == before.name.rust);
        if is_kept && before.name.rust != after.name.rust {
            let (after, before) = (code(&after.name.wire), code(&before.name.wire));
            let what = format!("have {after} as the first and default, not {before}");
            self.both("servers", what, Breaking);
        }
    }
}
