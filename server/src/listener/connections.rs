use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use shop::Client;
use tokio::sync::Notify;

use crate::guard::is_near;
use crate::proxies::TrustedProxies;

/// The open connections of all clients.
#[derive(Debug)]
pub(super) struct Connections {
    open: Mutex<Open>,
    limit: usize,
    client_limit: usize,
    proxies: TrustedProxies,
}

/// The place of one open connection. Dropped, it is free again.
#[derive(Debug)]
pub(super) struct Ticket {
    connections: Arc<Connections>,
    id: u64,
    connection: Arc<Connection>,
}

/// The phase of a connection, in the order in which connections make room for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// The head of its first request.
    FirstHead,
    /// The next request.
    Idle,
    /// That the client takes more of our response.
    Sending,
    /// That the client takes the end of our response.
    SendingEnd,
    /// The rest of a request's body.
    Body,
    /// Our response.
    Response,
}

#[derive(Debug, Default)]
struct Open {
    connections: HashMap<u64, Arc<Connection>>,
    by_client: HashMap<Client, usize>,
    next_id: u64,
}

#[derive(Debug)]
struct Connection {
    client: Client,
    state: Mutex<(Phase, Instant)>,
    closed: Notify,
}

/// The time that a client may take for a body, or for taking a response, before its connection
/// makes room for another. However little comes or goes meanwhile: that is what attackers are good
/// at.
const GRACE: Duration = Duration::from_secs(2);

impl Connections {
    pub(super) fn new(limit: usize, client_limit: usize, proxies: TrustedProxies) -> Self {
        Self {
            open: Mutex::default(),
            limit,
            client_limit,
            proxies,
        }
    }

    /// A place for a new connection. When there is none, the connection that is least in use is
    /// closed: of the same client if that has too many, else of all.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Ticket> {
        let client = Client::new(peer);
        let mut open = self.lock();
        let of_client = open.by_client.get(&client).copied().unwrap_or_default();
        // Everybody may be behind a proxy, and behind an address that is not on the Internet.
        let is_one = !(is_near(peer) || self.proxies.contains(peer));
        let is_full = of_client >= self.client_limit && is_one;
        if (is_full && !open.close_one(Some(client)))
            || (open.connections.len() >= self.limit && !open.close_one(None))
        {
            return None;
        }
        let id = open.next_id;
        open.next_id += 1;
        let connection = Arc::new(Connection {
            client,
            state: Mutex::new((Phase::FirstHead, Instant::now())),
            closed: Notify::new(),
        });
        open.connections.insert(id, Arc::clone(&connection));
        *open.by_client.entry(client).or_default() += 1;
        Some(Ticket {
            connections: Arc::clone(self),
            id,
            connection,
        })
    }

    /// Closes the connection that is least in use, if one may be closed.
    pub(super) fn make_room(&self) {
        self.lock().close_one(None);
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Closes the connection that is least in use, of one client or of all, and answers whether
    /// there was one that may be closed.
    fn close_one(&mut self, client: Option<Client>) -> bool {
        let now = Instant::now();
        let victim = self
            .connections
            .iter()
            .filter(|(_, connection)| client.is_none_or(|client| connection.client == client))
            .map(|(id, connection)| (connection.state(), *id))
            .filter(|((phase, since), _)| match phase {
                Phase::FirstHead | Phase::Idle => true,
                Phase::Body | Phase::Sending | Phase::SendingEnd => {
                    now.saturating_duration_since(*since) > GRACE
                }
                Phase::Response => false,
            })
            .min();
        let Some((_, id)) = victim else {
            return false;
        };
        if let Some(connection) = self.remove(id) {
            connection.closed.notify_one();
        }
        true
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Connection>> {
        let connection = self.connections.remove(&id)?;
        if let Some(count) = self.by_client.get_mut(&connection.client) {
            *count -= 1;
            if *count == 0 {
                self.by_client.remove(&connection.client);
            }
        }
        Some(connection)
    }
}

impl Connection {
    fn state(&self) -> (Phase, Instant) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    pub(super) fn phase(&self) -> Phase {
        self.connection.state().0
    }

    pub(super) fn enter(&self, phase: Phase) {
        let state = &self.connection.state;
        *state.lock().unwrap_or_else(PoisonError::into_inner) = (phase, Instant::now());
    }

    /// Notes that nothing more of the response will come.
    pub(super) fn note_end(&self) {
        let state = self.connection.state.lock();
        state.unwrap_or_else(PoisonError::into_inner).0 = Phase::SendingEnd;
    }

    /// Notes that the client took all of what was sent to it.
    pub(super) fn note_sent(&self) {
        if self.phase() == Phase::SendingEnd {
            self.enter(Phase::Idle);
        }
    }

    /// Ends when the connection has to make room for another.
    pub(super) async fn closed(&self) {
        self.connection.closed.notified().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.connections.lock().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn connections() -> Arc<Connections> {
        let proxies = TrustedProxies::parse("198.18.0.0/15").unwrap();
        Arc::new(Connections::new(4, 2, proxies))
    }

    fn admit(connections: &Arc<Connections>, peer: &str) -> Option<Ticket> {
        connections.admit(peer.parse().unwrap())
    }

    /// Lets a connection wait since an earlier moment.
    fn enter_earlier(ticket: &Ticket, phase: Phase, seconds: u64) {
        let earlier = Instant::now() - Duration::from_secs(seconds);
        *ticket.connection.state.lock().unwrap() = (phase, earlier);
    }

    async fn is_closed(ticket: &Ticket) -> bool {
        tokio::time::timeout(Duration::ZERO, ticket.closed())
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn client_with_too_many_connections_loses_its_own_oldest_silent_one() {
        let connections = connections();
        let other = admit(&connections, "198.51.100.7").unwrap();
        let first = admit(&connections, "203.0.113.9").unwrap();
        let second = admit(&connections, "203.0.113.9").unwrap();
        let third = admit(&connections, "203.0.113.9").unwrap();
        assert!(is_closed(&first).await);
        for ticket in [&other, &second, &third] {
            assert!(!is_closed(ticket).await);
        }
    }

    #[tokio::test]
    async fn client_whose_connections_are_all_in_use_gets_no_more() {
        let connections = connections();
        let tickets = [1, 2].map(|_| admit(&connections, "203.0.113.9").unwrap());
        for ticket in &tickets {
            ticket.enter(Phase::Response);
        }
        assert!(admit(&connections, "203.0.113.9").is_none());
        // The same client by another address of its network.
        let ipv6 = ["2001:db8::1", "2001:db8::2"].map(|peer| {
            let ticket = admit(&connections, peer).unwrap();
            ticket.enter(Phase::Response);
            ticket
        });
        assert!(admit(&connections, "2001:db8::3").is_none());
        drop((tickets, ipv6));
        assert!(admit(&connections, "203.0.113.9").is_some());
    }

    #[tokio::test]
    async fn proxy_has_as_many_connections_as_there_are() {
        for peer in [
            "127.0.0.1",
            "::1",
            "10.0.0.2",
            "::ffff:192.168.0.1",
            "fd00::1",
        ] {
            let connections = connections();
            let tickets = [1, 2, 3, 4].map(|_| admit(&connections, peer).unwrap());
            for ticket in &tickets {
                assert!(!is_closed(ticket).await, "{peer}");
            }
        }
    }

    #[tokio::test]
    async fn newcomer_takes_the_place_of_who_needs_it_least() {
        let connections = connections();
        let tickets = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]
            .map(|peer| admit(&connections, peer).unwrap());
        let [response, body, idle, silent] = &tickets;
        response.enter(Phase::Response);
        body.enter(Phase::Body);
        idle.enter(Phase::Idle);
        let first = admit(&connections, "192.0.2.5").unwrap();
        first.enter(Phase::Response);
        assert!(is_closed(silent).await);
        let second = admit(&connections, "192.0.2.6").unwrap();
        second.enter(Phase::Response);
        assert!(is_closed(idle).await);
        // A body that has just begun to arrive is not taken away.
        assert!(admit(&connections, "192.0.2.7").is_none());
        assert!(!is_closed(body).await && !is_closed(response).await);
    }

    #[tokio::test]
    async fn client_that_takes_its_response_slowly_makes_room() {
        let connections = connections();
        let tickets = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]
            .map(|peer| admit(&connections, peer).unwrap());
        let [slow, slower, quick, computing] = &tickets;
        enter_earlier(slow, Phase::Sending, 3);
        enter_earlier(slower, Phase::Sending, 9);
        quick.enter(Phase::Sending);
        enter_earlier(computing, Phase::Response, 30);
        slow.note_end();
        let mut newcomers = Vec::new();
        for victim in [slower, slow] {
            let newcomer = admit(&connections, "192.0.2.5").unwrap();
            newcomer.enter(Phase::Response);
            newcomers.push(newcomer);
            assert!(is_closed(victim).await);
        }
        assert!(admit(&connections, "192.0.2.6").is_none());
        assert!(!is_closed(quick).await && !is_closed(computing).await);
    }

    #[tokio::test]
    async fn connection_is_idle_when_the_end_of_its_response_was_taken() {
        let connections = connections();
        let ticket = admit(&connections, "192.0.2.1").unwrap();
        ticket.enter(Phase::Sending);
        ticket.note_sent();
        assert_eq!(ticket.phase(), Phase::Sending, "more is to come");
        ticket.note_end();
        ticket.note_sent();
        assert_eq!(ticket.phase(), Phase::Idle);
    }
}
