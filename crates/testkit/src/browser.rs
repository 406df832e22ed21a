use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode};

/// A browser that keeps cookies and tells where it is sent instead of going there.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    base: String,
}

/// The response, with its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Browser {
    /// A new one, for the site at `base`.
    pub fn at(base: &str) -> Self {
        Self {
            http: reqwest::Client::builder()
                .cookie_store(true)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            base: base.to_owned(),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with('/') {
            format!("{}{path}", self.base)
        } else {
            path.to_owned()
        };
        // As a browser asks for a document.
        self.http
            .request(method, url)
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    /// Asks as an island does.
    pub async fn ask(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.base);
        let request = self
            .http
            .post(url)
            .header("accept", "application/json")
            .form(form);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Sends a body of any kind, and asks for an answer of any kind.
    pub async fn send(&self, path: &str, kind: &str, accept: &str, body: Vec<u8>) -> Answer {
        let url = format!("{}{path}", self.base);
        let request = self
            .http
            .post(url)
            .header("accept", accept)
            .header("content-type", kind);
        Answer::of(request.body(body).send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_get(path).await.unwrap()
    }

    /// Looks at a page of a site that may not answer.
    pub async fn try_get(&self, path: &str) -> reqwest::Result<Answer> {
        Answer::try_of(self.request(Method::GET, path).send().await?).await
    }

    /// Sends a form as a page without scripts does.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.try_post(path, form).await.unwrap()
    }

    /// The same to a site that may not answer.
    pub async fn try_post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Result<Answer> {
        let request = self
            .request(Method::POST, path)
            .header("referer", format!("{}/cart", self.base));
        Answer::try_of(request.form(form).send().await?).await
    }

    /// Puts pieces of a variant into the cart.
    pub async fn add(&self, variant: &str, quantity: &str) {
        let answer = self
            .post(
                "/api/add_to_cart",
                &[("variant", variant), ("quantity", quantity)],
            )
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.location()),
            (303, Some("/cart"))
        );
    }

    /// Clicks Checkout, and answers where the pay page is.
    pub async fn check_out(&self) -> String {
        let answer = self.post("/api/start_checkout", &[]).await;
        assert_eq!(answer.status, 303);
        let url = answer.location().unwrap().to_owned();
        assert!(url.contains("/c/pay/cs_test_"), "{url}");
        url
    }

    /// Fills in the pay page's own form, and answers where it leads.
    pub async fn pay(&self, url: &str, card: &str) -> Answer {
        let typed = [
            ("email", "ada@example.com"),
            ("cardNumber", card),
            ("cardExpiry", "12 / 40"),
            ("cardCvc", "123"),
            ("billingName", "Ada Lovelace"),
        ];
        let page = self.get(url).await;
        assert_eq!(page.status, 200);
        self.fill(url, &page, &typed).await.unwrap()
    }

    /// Types into the form of `page` and sends it. Each field has to be there.
    pub async fn fill(
        &self,
        url: &str,
        page: &Answer,
        typed: &[(&str, &str)],
    ) -> reqwest::Result<Answer> {
        let mut form = fields(&page.body);
        for (name, value) in typed {
            let field = form.iter_mut().find(|(known, _)| known == name);
            let (_, field) = field.unwrap_or_else(|| panic!("no {name} in {}", page.body));
            (*value).clone_into(field);
        }
        Answer::try_of(self.request(Method::POST, url).form(&form).send().await?).await
    }

    /// Looks at a page until it says so, for fifteen seconds at most.
    pub async fn get_until(&self, path: &str, says: &str) -> Answer {
        let look = async {
            loop {
                let page = self.get(path).await;
                if page.body.contains(says) {
                    return page;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(15), look)
            .await
            .unwrap_or_else(|_| panic!("{path} never says {says}"))
    }
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        Self::try_of(response).await.unwrap()
    }

    /// The same of a site that may go away before it has said everything.
    pub async fn try_of(response: Response) -> reqwest::Result<Self> {
        Ok(Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.text().await?,
        })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The `Location`; there is never more than one.
    pub fn location(&self) -> Option<&str> {
        assert!(
            self.headers.get_all("location").iter().count() <= 1,
            "{:?}",
            self.headers
        );
        self.header("location")
    }

    /// The value that a cookie is set to, with its attributes; the last one counts.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap())
            .rfind(|cookie| cookie.split('=').next() == Some(name))
    }

    /// The text of the order page's status region.
    pub fn order_status(&self) -> &str {
        let region = self.body.split("role=\"status\"").nth(1).unwrap();
        region.split_once('>').unwrap().1.split('<').next().unwrap()
    }
}

/// The names and values of a page's input fields, as a browser sends them: of several choices the
/// one that is checked.
pub fn fields(html: &str) -> Vec<(String, String)> {
    html.split("<input")
        .skip(1)
        .filter_map(|rest| {
            let tag = rest.split('>').next()?;
            let is_choice = matches!(
                attribute(tag, "type").as_deref(),
                Some("radio" | "checkbox")
            );
            if is_choice && !tag.ends_with(" checked") {
                return None;
            }
            Some((
                attribute(tag, "name")?,
                attribute(tag, "value").unwrap_or_default(),
            ))
        })
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    let value = rest.split('"').next()?;
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}
