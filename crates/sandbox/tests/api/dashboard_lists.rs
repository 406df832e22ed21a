//! The dashboard's lists: narrowing them, and going through their pages. And what a button could
//! not do.

use reqwest::header::{ACCEPT, COOKIE, LOCATION, REFERER, SET_COOKIE};

use crate::api_client::{ApiClient, DECLINED, PAID, id};
use crate::webhooks::settled;

/// The number of rows of the only table of a page.
fn rows(html: &str) -> usize {
    html.matches("<tr>").count().saturating_sub(1)
}

#[tokio::test]
async fn lists_are_narrowed_to_a_state_and_stay_so_on_their_next_page() {
    let client = ApiClient::new().await;
    let mut sessions = Vec::new();
    for _ in 0..53 {
        sessions.push(client.session(&[]).await);
    }
    for session in &sessions[..52] {
        let path = format!("/v1/checkout/sessions/{}/expire", id(session));
        client.make(&path, &[]).await;
    }
    let open = client.open("/sessions?status=open").await.html;
    assert_eq!(rows(&open), 1);
    assert!(open.contains("<a href=\"/sessions?status=open\" aria-current=\"true\">open</a>"));
    let expired = client.open("/sessions?status=expired").await.html;
    assert_eq!(rows(&expired), 50);
    let next = expired
        .split("href=\"/sessions?status=expired&amp;after=")
        .nth(1)
        .unwrap();
    let next = next.split('"').next().unwrap();
    let older = format!("/sessions?status=expired&after={next}");
    let older = client.open(&older).await.html;
    assert_eq!(rows(&older), 2);
    assert!(older.contains("<a href=\"/sessions?status=expired\">Newest</a>"));
    let nonsense = client.open("/sessions?status=%22%3E").await;
    assert_eq!((nonsense.status, rows(&nonsense.html)), (200, 50));
}

#[tokio::test]
async fn events_are_narrowed_by_their_type() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    client.pay(&session, DECLINED).await;
    client.pay(&session, PAID).await;
    let html = client.open("/events?type=charge.*").await.html;
    assert_eq!(rows(&html), 2);
    assert!(html.contains("name=\"type\" value=\"charge.*\"") && html.contains("charge.failed"));
    let html = client.open("/events?type=%22%3E").await.html;
    assert!(html.contains("value=\"&quot;&gt;\"") && html.contains("Nothing yet."));
}

#[tokio::test]
async fn deliveries_are_narrowed_and_go_on() {
    let client = ApiClient::new().await;
    client.endpoint.answer_next(&[500, 500, 500, 500]);
    client.make("/v1/customers", &[]).await;
    settled(&client).await;
    for _ in 0..51 {
        client.make("/v1/customers", &[]).await;
    }
    settled(&client).await;
    let html = client.open("/deliveries?status=failed").await.html;
    assert_eq!(rows(&html), 1, "{html}");
    let html = client.open("/deliveries").await.html;
    assert_eq!(rows(&html), 50);
    let next = html.split("href=\"/deliveries?after=").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let older = client.open(&format!("/deliveries?after={next}")).await;
    assert_eq!(rows(&older.html), 2);
    let page = client.open("/deliveries/1").await.html;
    assert!(
        page.contains(
            "/resend\" class=\"action\"><input type=\"hidden\" name=\"webhook_endpoint\""
        )
    );
}

#[tokio::test]
async fn refused_action_is_shown_at_its_button() {
    let client = ApiClient::new().await;
    let charge = client.charge(PAID).await;
    let base = client.base_url();
    let page = format!("/objects/{}", charge["payment_intent"].as_str().unwrap());
    let refund = format!("/sandbox/charges/{}/refund", id(&charge));
    let request = client
        .http
        .post(format!("{base}{refund}"))
        .header(ACCEPT, "text/html")
        .header(REFERER, format!("{base}{page}"))
        .form(&[("amount", "22")]);
    let answer = request.send().await.unwrap();
    let led = answer.headers()[LOCATION].to_str().unwrap().to_owned();
    assert_eq!(
        (answer.status().as_u16(), led),
        (303, format!("{page}?refused=yes"))
    );
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let open = async |path: String| {
        let request = client.http.get(format!("{base}{path}"));
        let answer = request.header(COOKIE, &cookie).send().await.unwrap();
        answer.text().await.unwrap()
    };
    let html = open(format!("{page}?refused=yes")).await;
    let told = format!(
        "action=\"{refund}\" class=\"action\">\n<p class=\"refused\" role=\"alert\" tabindex=\"-1\" autofocus>Refund amount \
         ($22.00) is greater than unrefunded amount on charge ($21.00)</p>"
    );
    assert!(html.contains(&told), "{html}");
    assert!(!open(page).await.contains("role=\"alert\""));
    // On a page without that form it is told above everything.
    let html = open("/sessions?refused=yes".to_owned()).await;
    assert!(html.contains("<h1>Checkout Sessions</h1>\n<p class=\"refused\""));
}
