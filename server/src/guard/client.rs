use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use shop::Client;

use crate::proxies::TrustedProxies;

/// The hops that `Forwarded` and `X-Forwarded-For` name.
mod hops;

/// Finds out which client a request comes from.
#[derive(Clone, Debug)]
pub(crate) struct ClientResolver(Arc<Resolver>);

#[derive(Debug)]
struct Resolver {
    proxies: TrustedProxies,
    has_warned: [AtomicBool; 3],
}

/// A warning of the admin, given once while the program runs.
#[derive(Clone, Copy)]
enum Warning {
    /// A peer on this machine or in a private network, most likely a proxy, is not trusted.
    NearPeer,
    /// Another peer, perhaps a proxy on the Internet, is not trusted.
    FarPeer,
    /// A trusted proxy passes one of the two headers on unread.
    Contradiction,
}

impl ClientResolver {
    pub(crate) fn new(proxies: TrustedProxies) -> Self {
        Self(Arc::new(Resolver {
            proxies,
            has_warned: Default::default(),
        }))
    }

    /// The client of a request that `peer` sent. Headers are believed as far as trusted proxies
    /// wrote them: from the right, each hop that is trusted vouches for the one to its left.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let forwarded_for = hops::forwarded_for(headers);
        let forwarded = hops::forwarded(headers);
        if forwarded_for.is_none() && forwarded.is_none() {
            return Client::new(peer);
        }
        if !self.0.proxies.contains(peer) {
            self.warn_untrusted(peer);
            return Client::new(peer);
        }
        let proxies = &self.0.proxies;
        let forwarded_for = forwarded_for.map(|hops| walk(proxies, peer, hops));
        let forwarded = forwarded.map(|hops| walk(proxies, peer, hops));
        match (forwarded_for, forwarded) {
            (Some(client), None) | (None, Some(client)) => client,
            (Some(client), Some(same)) if client == same => client,
            // A proxy writes one of them and passes the other on as the client sent it; nothing
            // tells which. Believing either would let clients choose their address.
            _ => {
                if self.is_first(Warning::Contradiction) {
                    tracing::warn!(
                        proxy.address = %peer,
                        "X-Forwarded-For and Forwarded name different clients, so neither is believed \
                         and such requests count as the proxy's own; let the proxy remove the one \
                         that it does not write"
                    );
                }
                Client::new(peer)
            }
        }
    }

    fn warn_untrusted(&self, peer: IpAddr) {
        let (warning, address) = if is_near(peer) {
            (Warning::NearPeer, peer.to_canonical().to_string())
        } else {
            // It may be a person's, who wrote the header by hand.
            (Warning::FarPeer, Client::new(peer).shortened().to_string())
        };
        if self.is_first(warning) {
            tracing::warn!(
                peer.address = address,
                "a request says whom it was forwarded for, and its sender is not in TRUSTED_PROXIES; \
                 if that is your proxy, all shoppers behind it count as one client until \
                 TRUSTED_PROXIES names it"
            );
        }
    }

    fn is_first(&self, warning: Warning) -> bool {
        !self.0.has_warned[warning as usize].swap(true, Ordering::Relaxed)
    }
}

/// Gives each request the [`Client`] that it comes from.
pub(crate) async fn identify(
    State(resolver): State<ClientResolver>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = match request.extensions().get::<ConnectInfo<SocketAddr>>() {
        Some(ConnectInfo(addr)) => resolver.client(addr.ip(), request.headers()),
        None => Client::UNKNOWN,
    };
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// The most hops that are looked at. Nobody has that many proxies of his own.
const MOST_HOPS: usize = 32;

/// Walks over the hops, from the one next to the server, as long as they are trusted. A hop that is
/// no address ends the walk at the proxy that named it: nothing beyond it is vouched for.
fn walk(
    proxies: &TrustedProxies,
    peer: IpAddr,
    hops: impl Iterator<Item = Option<IpAddr>>,
) -> Client {
    let mut client = peer;
    for hop in hops.take(MOST_HOPS) {
        let Some(hop) = hop else { break };
        client = hop;
        if !proxies.contains(client) {
            break;
        }
    }
    Client::new(client)
}

/// True if an address is of this machine or of a network that is not on the Internet.
pub(crate) fn is_near(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(peer) => {
            let is_shared = peer.octets()[0] == 100 && peer.octets()[1] & 0xc0 == 64;
            peer.is_loopback() || peer.is_private() || peer.is_link_local() || is_shared
        }
        IpAddr::V6(peer) => {
            peer.is_loopback() || peer.is_unique_local() || peer.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests;
