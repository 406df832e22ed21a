//! Disputes.

use serde_json::Value;

use crate::http::params::Params;
use crate::http::{ApiError, Call, list, lookup};
use crate::objects::dispute::EVIDENCE;
use crate::objects::{Dispute, ObjectType};
use crate::payments::disputes;

/// The most text that one kind of evidence, and all of it together, may have.
const LONGEST_EVIDENCE: usize = 20_000;
const LONGEST_EVIDENCE_TOGETHER: usize = 150_000;

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    list::narrowed(
        call,
        "dispute",
        &["charge", "payment_intent"],
        "/v1/disputes",
    )
    .await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    Ok(lookup::find::<Dispute>(call, id).await?.into_body())
}

/// Changes metadata and evidence. Evidence goes to the bank at once unless `submit=false` only
/// stages it.
pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut dispute = lookup::find::<Dispute>(call, id).await?;
    let before = dispute.body().clone();
    if let Some(metadata) = params.metadata_over("metadata", dispute.get("metadata"))? {
        dispute.set("metadata", metadata);
    }
    if let Some(method) = params.choice(
        "intended_submission_method",
        &[
            "manual",
            "prefer_manual",
            "prefer_smart_disputes",
            "smart_disputes",
        ],
    )? {
        dispute.set("intended_submission_method", method);
    }
    let given = params.object("evidence")?;
    let has_evidence = given.is_some();
    if let Some(given) = given {
        evidence(given, &mut dispute)?;
    }
    let submit = params.boolean("submit")?.unwrap_or(has_evidence);
    params.finish()?;
    let dispute = disputes::update(&mut call.scope(), &before, dispute, submit).await?;
    Ok(dispute.into_body())
}

/// Accepts the dispute.
pub(super) async fn close(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    let dispute = lookup::find::<Dispute>(call, id).await?;
    let dispute = disputes::lose(&mut call.scope(), dispute).await?;
    Ok(dispute.into_body())
}

/// Takes over what was given; an empty text takes evidence away.
fn evidence(mut given: Params, dispute: &mut Dispute) -> Result<(), ApiError> {
    given.refuse_unsupported(&["appeal", "enhanced_evidence"])?;
    let mut evidence = dispute.get("evidence").clone();
    for member in EVIDENCE {
        if let Some(text) = given.clearable_text(member, LONGEST_EVIDENCE)? {
            evidence[*member] = text;
        }
    }
    let path = given.name("");
    given.finish()?;
    let texts = EVIDENCE
        .iter()
        .filter_map(|member| evidence[*member].as_str());
    if texts.map(|text| text.chars().count()).sum::<usize>() > LONGEST_EVIDENCE_TOGETHER {
        let message =
            format!("All evidence together can have up to {LONGEST_EVIDENCE_TOGETHER} characters.");
        return Err(ApiError::parameter(path.trim_end_matches("[]"), message));
    }
    let has_evidence = EVIDENCE.iter().any(|member| !evidence[*member].is_null());
    dispute.set("evidence", evidence);
    dispute.set_in("evidence_details", "/has_evidence", has_evidence);
    Ok(())
}
