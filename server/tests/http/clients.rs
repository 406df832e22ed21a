use reqwest::Method;
use testkit::browser::Answer;

use crate::site::{PASSWORD, Site};

/// Tries to sign in with headers that a proxy adds.
async fn sign_in(site: &Site, password: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = site.browser().request(Method::POST, "/api/sign_in");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.form(&[("password", password)]);
    Answer::of(request.send().await.unwrap()).await
}

/// The page that a sign-in with the right password leads to after one client has failed too often.
async fn admin_after(site: &Site, attacker: &[(&str, &str)], admin: &[(&str, &str)]) -> String {
    for _ in 0..12 {
        let answer = sign_in(site, "wrong", attacker).await;
        assert!(answer.location().unwrap().starts_with("/admin/login"));
    }
    let answer = sign_in(site, PASSWORD, admin).await;
    answer.location().unwrap().to_owned()
}

#[tokio::test]
async fn clients_behind_a_proxy_are_distinct_however_it_writes_them() {
    let site = Site::open().await;
    const XFF: &str = "x-forwarded-for";
    for (attacker, admin) in [
        ([(XFF, "203.0.113.9")], [(XFF, "198.51.100.7")]),
        ([(XFF, "203.0.113.10:51234")], [(XFF, "198.51.100.8:40000")]),
        (
            [(XFF, "[2001:db8:1::5]:51234")],
            [(XFF, "[2001:db8:2::5]:1")],
        ),
        ([(XFF, "2001:db8:3::5")], [(XFF, "[2001:db8:4::5]")]),
        (
            [(XFF, "1.1.1.1, 203.0.113.11")],
            [(XFF, "203.0.113.11, 198.51.100.9")],
        ),
        (
            [("forwarded", "for=203.0.113.12")],
            [("forwarded", "For=\"[2001:db8:5::1]:9\";proto=http")],
        ),
    ] {
        let to = admin_after(&site, &attacker, &admin).await;
        assert_eq!(to, "/admin/orders", "{attacker:?} {admin:?}");
        // The attacker is one client still, from whichever port and whatever it claims.
        let (name, value) = attacker[0];
        let claimed = match name {
            "forwarded" => format!("for=9.9.9.9, {value}"),
            _ => format!("9.9.9.9, {value}"),
        };
        let answer = sign_in(&site, PASSWORD, &[(name, &claimed)]).await;
        assert_eq!(
            answer.location(),
            Some("/admin/login?notice=wait"),
            "{claimed}"
        );
    }
}

#[tokio::test]
async fn proxies_that_are_not_configured_are_believed_about_nothing() {
    for networks in ["none", "10.0.0.0/8, 2001:db8::/32"] {
        let configure = |config: &mut server::config::Config| {
            config.trusted_proxies = Some(networks.to_owned());
        };
        let site = Site::open_with(configure).await;
        let attacker = [("x-forwarded-for", "203.0.113.9")];
        let admin = [
            ("x-forwarded-for", "198.51.100.7"),
            ("forwarded", "for=198.51.100.7"),
        ];
        let to = admin_after(&site, &attacker, &admin).await;
        assert_eq!(to, "/admin/login?notice=wait", "{networks}");
    }
}

#[tokio::test]
async fn admins_device_signs_in_while_its_address_is_refused() {
    let site = Site::open().await;
    let admin = site.admin().await;
    admin.post("/api/sign_out", &[]).await;
    let stranger = site.browser();
    for _ in 0..12 {
        stranger
            .post("/api/sign_in", &[("password", "wrong")])
            .await;
    }
    let form = [("password", PASSWORD)];
    let refused = stranger.post("/api/sign_in", &form).await;
    assert_eq!(refused.location(), Some("/admin/login?notice=wait"));
    assert_eq!(refused.cookie("admin_device"), None);
    let answer = admin.post("/api/sign_in", &form).await;
    assert_eq!(answer.location(), Some("/admin/orders"));
    let cookie = answer.cookie("admin_device").unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=31536000"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}
