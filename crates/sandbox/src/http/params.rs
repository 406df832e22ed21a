//! Typed reading of parameters. What is read is taken out, so that what is left at the end is
//! unknown.

use serde_json::{Map, Value};

use super::error::ApiError;
use super::form::{Fields, Name, Node};
use super::validation::{is_email, is_http_url};

/// The parameters of a request, or of one object or array element in it.
#[derive(Debug, Default)]
pub(crate) struct Params {
    /// The name of this object with brackets, empty for the request itself.
    path: String,
    fields: Fields,
}

impl Params {
    pub(crate) fn new(fields: Fields) -> Self {
        Self {
            path: String::new(),
            fields,
        }
    }

    /// The name of a member with brackets, as errors carry it.
    pub(crate) fn name(&self, member: &str) -> String {
        if self.path.is_empty() {
            member.to_owned()
        } else {
            format!("{}[{member}]", self.path)
        }
    }

    /// A text of at most `limit` characters.
    pub(crate) fn text(&mut self, member: &str, limit: usize) -> Result<Option<String>, ApiError> {
        let name = self.name(member);
        let text = match self.take(member) {
            None => return Ok(None),
            Some(Node::Map(_)) => return Err(ApiError::parameter(&name, "Invalid string")),
            Some(Node::Text(text)) => text,
        };
        if text.is_empty() {
            return Err(empty(&name));
        }
        let length = text.chars().count();
        if length > limit {
            return Err(ApiError::parameter(
                &name,
                format!(
                    "Invalid string: must be at most {limit} characters, and this one has {length}."
                ),
            ));
        }
        Ok(Some(text))
    }

    pub(crate) fn required_text(&mut self, member: &str, limit: usize) -> Result<String, ApiError> {
        self.text(member, limit)?
            .ok_or_else(|| ApiError::missing(&self.name(member)))
    }

    /// An http or https address. Nothing else may become a link or a redirect.
    pub(crate) fn url(&mut self, member: &str) -> Result<Option<String>, ApiError> {
        let Some(url) = self.text(member, 5000)? else {
            return Ok(None);
        };
        if is_http_url(&url) {
            Ok(Some(url))
        } else {
            Err(ApiError::parameter(self.name(member), "Not a valid URL").code("url_invalid"))
        }
    }

    pub(crate) fn email(&mut self, member: &str) -> Result<Option<String>, ApiError> {
        let Some(email) = self.text(member, 512)? else {
            return Ok(None);
        };
        if is_email(&email) {
            Ok(Some(email))
        } else {
            let message = format!("Invalid email address: {email}");
            Err(ApiError::parameter(self.name(member), message).code("email_invalid"))
        }
    }

    pub(crate) fn integer(&mut self, member: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(member, 5000)? else {
            return Ok(None);
        };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        match text.parse() {
            Ok(number) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(number)),
            _ => Err(
                ApiError::parameter(self.name(member), format!("Invalid integer: {text}"))
                    .code("parameter_invalid_integer"),
            ),
        }
    }

    /// An integer that is at least `least`.
    pub(crate) fn integer_from(
        &mut self,
        member: &str,
        least: i64,
    ) -> Result<Option<i64>, ApiError> {
        match self.integer(member)? {
            Some(number) if number < least => Err(ApiError::parameter(
                self.name(member),
                format!("This value must be greater than or equal to {least}."),
            )
            .code("parameter_invalid_integer")),
            number => Ok(number),
        }
    }

    pub(crate) fn boolean(&mut self, member: &str) -> Result<Option<bool>, ApiError> {
        match self.text(member, 5000)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(ApiError::parameter(
                self.name(member),
                format!("Invalid boolean: {other}"),
            )),
        }
    }

    /// A switch for what the sandbox does not have: it can only be off. Whether it was given.
    pub(crate) fn off(&mut self, member: &str) -> Result<bool, ApiError> {
        match self.boolean(member)? {
            Some(true) => {
                let name = self.name(member);
                let message =
                    format!("This sandbox does not support {name} yet, so it can only be false.");
                Err(ApiError::parameter(name, message))
            }
            given => Ok(given.is_some()),
        }
    }

    /// One of a closed set of texts.
    pub(crate) fn choice(
        &mut self,
        member: &str,
        choices: &[&str],
    ) -> Result<Option<String>, ApiError> {
        let Some(text) = self.text(member, 5000)? else {
            return Ok(None);
        };
        if choices.contains(&text.as_str()) {
            return Ok(Some(text));
        }
        let name = self.name(member);
        Err(ApiError::parameter(
            &name,
            format!("Invalid {name}: must be {}", one_of(choices)),
        ))
    }

    /// True if a member was given as an object and not as a value.
    pub(crate) fn is_object(&self, member: &str) -> bool {
        matches!(
            self.fields.get(&Name::Text(member.to_owned())),
            Some(Node::Map(_))
        )
    }

    /// A nested object.
    pub(crate) fn object(&mut self, member: &str) -> Result<Option<Params>, ApiError> {
        let path = self.name(member);
        match self.take(member) {
            None => Ok(None),
            Some(Node::Map(fields)) => Ok(Some(Params { path, fields })),
            Some(Node::Text(text)) if text.is_empty() => Err(empty(&path)),
            Some(Node::Text(_)) => Err(ApiError::parameter(&path, "Invalid object")),
        }
    }

    /// An array of objects.
    pub(crate) fn objects(&mut self, member: &str) -> Result<Vec<Params>, ApiError> {
        let elements = self.array(member)?.into_iter();
        elements
            .map(|(path, node)| match node {
                Node::Map(fields) => Ok(Params { path, fields }),
                Node::Text(_) => Err(ApiError::parameter(path, "Invalid object")),
            })
            .collect()
    }

    /// An array of texts, each with its name.
    pub(crate) fn texts(&mut self, member: &str) -> Result<Vec<(String, String)>, ApiError> {
        let elements = self.array(member)?.into_iter();
        elements
            .map(|(path, node)| match node {
                Node::Text(text) if text.is_empty() => Err(empty(&path)),
                Node::Text(text) => Ok((path, text)),
                Node::Map(_) => Err(ApiError::parameter(path, "Invalid string")),
            })
            .collect()
    }

    /// An array of texts of a closed set.
    pub(crate) fn choices(
        &mut self,
        member: &str,
        choices: &[&str],
    ) -> Result<Vec<String>, ApiError> {
        let texts = self.texts(member)?.into_iter();
        texts
            .map(|(param, text)| match choices.contains(&text.as_str()) {
                true => Ok(text),
                false => {
                    let message = format!("Invalid {param}: must be {}", one_of(choices));
                    Err(ApiError::parameter(param, message))
                }
            })
            .collect()
    }

    /// Refuses parameters that Stripe has and the sandbox does not, instead of silently ignoring
    /// what they ask for.
    pub(crate) fn refuse_unsupported(&self, members: &[&str]) -> Result<(), ApiError> {
        match members
            .iter()
            .find(|member| self.fields.contains_key(&Name::Text((**member).to_owned())))
        {
            None => Ok(()),
            Some(member) => {
                let name = self.name(member);
                Err(ApiError::parameter(
                    &name,
                    format!("This sandbox does not support the parameter {name} yet."),
                ))
            }
        }
    }

    /// The names of what nobody has read yet.
    pub(crate) fn members(&self) -> Vec<String> {
        self.fields.keys().map(ToString::to_string).collect()
    }

    /// Ends the reading: whatever nobody asked for is unknown.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        match self.fields.first_key_value() {
            None => Ok(()),
            Some((name, _)) => Err(ApiError::unknown(&self.name(&name.to_string()))),
        }
    }

    /// True if a member was given at all.
    pub(crate) fn has(&self, member: &str) -> bool {
        self.fields.contains_key(&Name::Text(member.to_owned()))
    }

    /// True if a member was given an empty value, which clears it; it counts as read then.
    pub(crate) fn clears(&mut self, member: &str) -> bool {
        let name = Name::Text(member.to_owned());
        let empty = matches!(self.fields.get(&name), Some(Node::Text(text)) if text.is_empty());
        if empty {
            self.fields.remove(&name);
        }
        empty
    }

    /// A text that an empty value clears: nothing when it was not given, null when it is to be
    /// cleared.
    pub(crate) fn clearable_text(
        &mut self,
        member: &str,
        limit: usize,
    ) -> Result<Option<Value>, ApiError> {
        if self.clears(member) {
            return Ok(Some(Value::Null));
        }
        Ok(self.text(member, limit)?.map(Value::String))
    }

    /// Gives a member in the place of another that was read, and refuses that both were given.
    pub(crate) fn put(&mut self, member: &str, text: &str) -> Result<(), ApiError> {
        let name = Name::Text(member.to_owned());
        match self.fields.insert(name, Node::Text(text.to_owned())) {
            None => Ok(()),
            Some(_) => Err(ApiError::parameter(
                self.name(member),
                format!(
                    "You may only specify one of these parameters: {member}, {member}_decimal."
                ),
            )),
        }
    }

    pub(crate) fn take(&mut self, member: &str) -> Option<Node> {
        self.fields.remove(&Name::Text(member.to_owned()))
    }

    fn array(&mut self, member: &str) -> Result<Vec<(String, Node)>, ApiError> {
        let path = self.name(member);
        match self.take(member) {
            None => Ok(Vec::new()),
            Some(Node::Map(fields)) if fields.keys().all(|name| matches!(name, Name::Index(_))) => {
                Ok(fields
                    .into_values()
                    .enumerate()
                    .map(|(at, node)| (format!("{path}[{at}]"), node))
                    .collect())
            }
            Some(_) => Err(ApiError::parameter(path, "Invalid array")),
        }
    }
}

/// Takes the members that were given into what an object is made of or changed by.
pub(crate) fn collect<const N: usize>(given: [(&str, Option<Value>); N]) -> Map<String, Value> {
    given
        .into_iter()
        .filter_map(|(member, value)| Some((member.to_owned(), value?)))
        .collect()
}

fn empty(name: &str) -> ApiError {
    ApiError::parameter(
        name,
        format!(
            "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however \
             '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value."
        ),
    )
    .code("parameter_invalid_empty")
}

/// `one of a, b, or c`, as Stripe's messages list choices.
fn one_of(choices: &[&str]) -> String {
    match choices {
        [only] => (*only).to_owned(),
        [first, second] => format!("one of {first} or {second}"),
        [most @ .., last] => format!("one of {}, or {last}", most.join(", ")),
        [] => String::new(),
    }
}
