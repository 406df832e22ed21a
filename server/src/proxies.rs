use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::bail;
use ipnet::{IpNet, Ipv4Net};

/// The networks whose peers are believed about whom they forward a request for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads `TRUSTED_PROXIES`: networks such as `10.0.0.0/8` and addresses, separated by commas,
    /// or `none`.
    ///
    /// # Errors
    /// When a part is no network, or is every address there is; the text says what to write.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        if text.trim().eq_ignore_ascii_case("none") {
            return Ok(Self::default());
        }
        let parts = text.split(',').map(str::trim);
        let networks = parts.filter(|part| !part.is_empty()).map(network);
        Ok(Self(networks.collect::<anyhow::Result<_>>()?))
    }

    /// The proxies that are trusted when nothing is configured. A shop that listens on this machine
    /// alone is reached by a proxy on this machine, whose word is believed. Of one that others
    /// reach directly, nobody's is: where connections are relayed, as into some containers, all of
    /// them seem to come from here.
    pub fn for_listener(addr: SocketAddr) -> Self {
        if !addr.ip().to_canonical().is_loopback() {
            return Self::default();
        }
        Self(vec![
            IpNet::new_assert(Ipv4Addr::new(127, 0, 0, 0).into(), 8),
            IpNet::new_assert(Ipv6Addr::LOCALHOST.into(), 128),
        ])
    }

    /// True if `addr` is in one of the networks.
    pub fn contains(&self, addr: IpAddr) -> bool {
        let addr = addr.to_canonical();
        self.0.iter().any(|network| network.contains(&addr))
    }
}

fn network(text: &str) -> anyhow::Result<IpNet> {
    let network = match text.parse::<IpAddr>() {
        Ok(addr) => IpNet::from(addr.to_canonical()),
        Err(_) => match text.parse::<IpNet>() {
            Ok(network) => canonical(network.trunc()),
            Err(_) => bail!(
                "TRUSTED_PROXIES cannot be used: {text:?} is neither an address nor a network; write \
                 networks separated by commas, such as 127.0.0.1/32,10.0.0.0/8,2001:db8::/32, or none"
            ),
        },
    };
    if network.prefix_len() == 0 {
        bail!(
            "TRUSTED_PROXIES cannot be used: {text} is every address there is, so anybody could pose \
             as anybody else; name the networks of your proxies"
        );
    }
    Ok(network)
}

/// A network of IPv4-mapped addresses as the IPv4 network that it is.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else {
        return network;
    };
    let mapped = v6.network().to_ipv4_mapped();
    let prefix = v6.prefix_len().checked_sub(96);
    match (mapped, prefix) {
        (Some(v4), Some(prefix)) => Ipv4Net::new(v4, prefix).map_or(network, IpNet::V4),
        _ => network,
    }
}
