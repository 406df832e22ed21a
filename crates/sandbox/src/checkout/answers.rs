//! The shopper's answers to a session's own questions: its custom fields and its terms.

use serde_json::Value;

use crate::http::ApiError;
use crate::objects::CheckoutSession;
use crate::objects::checkout_session::{Name, Shopper, Wanted};

/// Checks the answers to the custom fields of a session and the names that it asks for, and that
/// its terms were accepted if they have to be. The first problem is told with the name of its
/// parameter.
///
/// # Errors
/// When an answer is missing or not one that the field takes, in words for the shopper.
pub(crate) fn check_answers(session: &CheckoutSession, customer: &Shopper) -> Result<(), ApiError> {
    for field in session.custom_fields() {
        let key = field["key"].as_str().unwrap_or_default();
        let answer = customer.answers.get(key).map_or("", String::as_str);
        if let Some(message) = answer_problem(field, answer) {
            return Err(ApiError::parameter(
                format!("custom_fields[{key}]"),
                message,
            ));
        }
    }
    let known = |key: &String| session.custom_fields().any(|field| field["key"] == **key);
    if let Some(key) = customer.answers.keys().find(|key| !known(key)) {
        return Err(ApiError::unknown(&format!("custom_fields[{key}]")));
    }
    for name in Name::ALL {
        let (given, member) = (customer.named(name), name.member());
        match (name.wanted(session), given) {
            (Some(Wanted::Required), None) => return Err(ApiError::missing(member)),
            (None, Some(_)) => {
                let message = format!("This Checkout Session does not ask for `{member}`.");
                return Err(ApiError::parameter(member, message));
            }
            _ => {}
        }
    }
    if session.get("consent_collection")["terms_of_service"] == "required"
        && !customer.accepts_terms
    {
        let message = "The terms of service have to be accepted.";
        return Err(ApiError::parameter("consent[terms_of_service]", message));
    }
    Ok(())
}

/// The message for the shopper about an answer to a custom field, if it is wrong.
pub(crate) fn answer_problem(field: &Value, answer: &str) -> Option<String> {
    if answer.is_empty() {
        return (field["optional"] != true).then(|| "Required".to_owned());
    }
    let kind = field["type"].as_str().unwrap_or_default();
    let details = &field[kind];
    if kind == "dropdown" {
        let mut options = details["options"].as_array().into_iter().flatten();
        return match options.any(|option| option["value"] == answer) {
            true => None,
            false => Some("Please choose one of the options.".to_owned()),
        };
    }
    if kind == "numeric" && !answer.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some("Only digits are allowed.".to_owned());
    }
    let length = i64::try_from(answer.chars().count()).unwrap_or(i64::MAX);
    let least = details["minimum_length"].as_i64().unwrap_or(0);
    let most = details["maximum_length"].as_i64().unwrap_or(255);
    match length {
        _ if length < least => Some(format!("At least {least} characters are needed.")),
        _ if length > most => Some(format!("At most {most} characters are allowed.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::answer_problem;
    use serde_json::json;

    #[test]
    fn an_answer_fits_its_field() {
        let text = json!({ "type": "text", "optional": true, "text": { "minimum_length": 2, "maximum_length": 3 } });
        let digits = json!({ "type": "numeric", "optional": false, "numeric": {} });
        let size = json!({ "type": "dropdown", "optional": false, "dropdown": { "options": [{ "value": "s" }] } });
        for (field, answer, fits) in [
            (&text, "", true),
            (&text, "é", false),
            (&text, "éé", true),
            (&text, "abcd", false),
            (&digits, "", false),
            (&digits, "007", true),
            (&digits, "7a", false),
            (&size, "s", true),
            (&size, "m", false),
        ] {
            assert_eq!(answer_problem(field, answer).is_none(), fits, "{answer}");
        }
    }
}
