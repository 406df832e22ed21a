use domain::address::{Country, Field, MAX_LINE, MAX_PHONE, MAX_POSTAL_CODE, Region};
use domain::shipping::DeliveryOption;
use leptos::prelude::*;
use shop::checkout::QuotedCheckout;
use text::CheckoutText;

use super::form::CheckoutForm;
use super::problems::{Problems, Target, field_name};
use crate::request;

/// A field of the form with one line of text.
struct TextField<'a> {
    target: Target,
    label: &'static str,
    value: &'a str,
    kind: &'static str,
    autocomplete: &'static str,
    inputmode: Option<&'static str>,
    most: usize,
    is_optional: bool,
    /// The hint below the field, and the id it has.
    hint: Option<(&'static str, String)>,
}

impl<'a> TextField<'a> {
    const fn new(target: Target, label: &'static str, value: &'a str) -> Self {
        Self {
            target,
            label,
            value,
            kind: "text",
            autocomplete: target.id(),
            inputmode: None,
            most: MAX_LINE,
            is_optional: false,
            hint: None,
        }
    }

    fn view(self, problems: &Problems) -> AnyView {
        let text = request::text().checkout();
        let id = self.target.id();
        let problem = problems.of(self.target).map(ToOwned::to_owned);
        let problem_id = format!("{id}-problem");
        let is_invalid = problem.is_some();
        let hint_id = self.hint.as_ref().map(|(id, _)| (*id).to_owned());
        let described = described_by([is_invalid.then(|| problem_id.clone()), hint_id]);
        let hint = self
            .hint
            .map(|(id, hint)| view! { <p class="hint" id=id>{hint}</p> });
        view! {
            <div class=format!("field is-{id}")>
                <label for=id>{label(text, self.label, self.is_optional)}</label>
                <input
                    id=id
                    name=id
                    type=self.kind
                    autocomplete=self.autocomplete
                    inputmode=self.inputmode
                    maxlength=self.most.to_string()
                    required=!self.is_optional
                    aria-invalid=is_invalid.then_some("true")
                    aria-describedby=described
                    dir="auto"
                    value=self.value.to_owned()
                />
                {problem.map(|problem| view! { <p class="field-problem" id=problem_id>{problem}</p> })}
                {hint}
            </div>
        }
        .into_any()
    }
}

/// The fields beside the summary.
pub(super) fn view(form: &CheckoutForm, quoted: &QuotedCheckout, problems: &Problems) -> AnyView {
    let text = request::text().checkout();
    let email = TextField {
        kind: "email",
        inputmode: Some("email"),
        hint: Some(("email-why", text.email_why().to_owned())),
        ..TextField::new(Target::Email, text.email(), &form.email)
    };
    view! {
        <fieldset>
            <legend>{text.contact()}</legend>
            {email.view(problems)}
            {check("newsletter", text.newsletter(), form.newsletter)}
        </fieldset>
        {place(text, form, quoted, problems)}
        {company(text, form, problems)}
        {quoted.needs_delivery.then(|| delivery(text, form, quoted, problems))}
        <fieldset>
            <legend>{text.extras()}</legend>
            {quoted.needs_delivery.then(|| check("gift", text.is_gift(), form.is_gift))}
            {note(text, form, problems)}
        </fieldset>
    }
    .into_any()
}

/// The country and what else of the address is needed. The country has a place of its own, so that
/// a script can change the others without touching it.
fn place(
    text: CheckoutText,
    form: &CheckoutForm,
    quoted: &QuotedCheckout,
    problems: &Problems,
) -> AnyView {
    let chosen = form.country();
    let fields = if quoted.needs_delivery {
        address_fields(text, form, problems)
    } else {
        let has_regions = chosen.is_some_and(|country| !country.format().regions().is_empty());
        Vec::from_iter(has_regions.then(|| region(text, form, problems)))
    };
    let heading = if quoted.needs_delivery {
        text.address()
    } else {
        text.place()
    };
    let target = Target::Address(Field::Country);
    let problem = problems.of(target).map(ToOwned::to_owned);
    let is_invalid = problem.is_some();
    let options: Vec<_> = Country::all()
        .map(|country| {
            view! {
                <option value=country.to_string() selected=chosen == Some(country)>{country.name()}</option>
            }
        })
        .collect();
    view! {
        <fieldset>
            <legend>{heading}</legend>
            <div class="country-field">
                <div class="field">
                    <label for="country">{text.country()}</label>
                    <select
                        id="country"
                        name="country"
                        autocomplete="country"
                        required
                        aria-invalid=is_invalid.then_some("true")
                        aria-describedby=is_invalid.then_some("country-problem")
                    >
                        <option value="" selected=chosen.is_none()>{text.choose_country()}</option>
                        {options}
                    </select>
                </div>
                <button class="button is-quiet when-still" name="action" value="update">{text.update_country()}</button>
            </div>
            {problem.map(|problem| view! { <p class="field-problem" id="country-problem">{problem}</p> })}
            <div class="address-fields" data-part="address">{fields}</div>
        </fieldset>
    }
    .into_any()
}

/// The fields of an address in the order in which its country writes them.
fn address_fields(text: CheckoutText, form: &CheckoutForm, problems: &Problems) -> Vec<AnyView> {
    let country = form.country();
    let mut views = vec![line(text, form, Field::Name, problems)];
    let order = country.map_or_else(
        || vec![Field::Line1, Field::Line2, Field::City, Field::PostalCode],
        |country| country.format().fields(),
    );
    for field in order {
        views.push(match field {
            Field::Region => region(text, form, problems),
            field => line(text, form, field, problems),
        });
    }
    views.push(line(text, form, Field::Phone, problems));
    views
}

/// A field of the address with one line of text.
fn line(text: CheckoutText, form: &CheckoutForm, field: Field, problems: &Problems) -> AnyView {
    let country = form.country();
    let format = country.map(Country::format);
    let label = match field {
        Field::Name => text.name(),
        Field::Company => text.company(),
        Field::Line1 => text.line1(),
        Field::Line2 => text.line2(),
        Field::City => text.city(country),
        Field::Region => text.region(country),
        Field::PostalCode => text.postal_code(country),
        Field::Country => text.country(),
        Field::Phone => text.phone(),
    };
    let target = Target::Address(field);
    let mut line = TextField::new(target, label, form.address.get(field));
    line.is_optional = match format {
        Some(format) => !format.needs(field),
        None => !matches!(field, Field::Name | Field::Line1),
    };
    match field {
        Field::Phone => {
            (line.kind, line.most) = ("tel", MAX_PHONE);
            line.hint = Some(("tel-why", text.phone_why().to_owned()));
        }
        Field::PostalCode => {
            line.most = MAX_POSTAL_CODE;
            let is_numeric = format.is_some_and(|format| format.has_numeric_postal_codes());
            line.inputmode = is_numeric.then_some("numeric");
            let example = format.and_then(|format| format.postal_code_hint(line.value));
            let is_typed = !line.value.trim().is_empty() && problems.of(target).is_none();
            line.hint = example
                .filter(|_| is_typed)
                .map(|example| ("postal-code-hint", text.postal_code_hint(example)));
        }
        _ => {}
    }
    line.view(problems)
}

/// The region: of those that the country lists, with whatever else was typed before.
fn region(text: CheckoutText, form: &CheckoutForm, problems: &Problems) -> AnyView {
    let country = form.country();
    let Some(format) = country.map(Country::format) else {
        return line(text, form, Field::Region, problems);
    };
    if format.regions().is_empty() {
        return line(text, form, Field::Region, problems);
    }
    let typed = form.address.region.trim();
    let found = format.find_region(typed).map(|region| region.key);
    let other = Some(typed.to_owned()).filter(|typed| found.is_none() && !typed.is_empty());
    let is_optional = !format.needs(Field::Region);
    let target = Target::Address(Field::Region);
    let id = field_name(Field::Region);
    let problem = problems.of(target).map(ToOwned::to_owned);
    let is_invalid = problem.is_some();
    let problem_id = format!("{id}-problem");
    let options: Vec<_> = format
        .regions()
        .iter()
        .map(|region| {
            let is_chosen = found == Some(region.key);
            view! { <option value=region.key selected=is_chosen>{region_name(region)}</option> }
        })
        .collect();
    view! {
        <div class=format!("field is-{id}")>
            <label for=id>{label(text, text.region(country), is_optional)}</label>
            <select
                id=id
                name=id
                autocomplete=id
                required=!is_optional
                aria-invalid=is_invalid.then_some("true")
                aria-describedby=is_invalid.then(|| problem_id.clone())
            >
                <option value="">{text.choose_region()}</option>
                {other.map(|other| view! { <option value=other.clone() selected>{other.clone()}</option> })}
                {options}
            </select>
            {problem.map(|problem| view! { <p class="field-problem" id=problem_id>{problem}</p> })}
        </div>
    }
    .into_any()
}

/// A region's name, in its own script and in Latin letters where they differ.
fn region_name(region: &Region) -> String {
    let own = if region.name.is_empty() {
        region.key
    } else {
        region.name
    };
    if region.latin.is_empty() || region.latin == own {
        own.to_owned()
    } else {
        format!("{own} · {}", region.latin)
    }
}

fn company(text: CheckoutText, form: &CheckoutForm, problems: &Problems) -> AnyView {
    let company = TextField {
        is_optional: true,
        ..TextField::new(
            Target::Address(Field::Company),
            text.company(),
            &form.address.company,
        )
    };
    let vat_number = TextField {
        autocomplete: "off",
        is_optional: true,
        most: 64,
        ..TextField::new(Target::VatNumber, text.vat_number(), &form.vat_number)
    };
    let is_open = !form.address.company.is_empty()
        || !form.vat_number.is_empty()
        || problems.of(Target::VatNumber).is_some();
    view! {
        <details open=is_open>
            <summary>{text.for_company()}</summary>
            {company.view(problems)}
            {vat_number.view(problems)}
        </details>
    }
    .into_any()
}

fn delivery(
    text: CheckoutText,
    form: &CheckoutForm,
    quoted: &QuotedCheckout,
    problems: &Problems,
) -> AnyView {
    let problem = problems.of(Target::Delivery).map(ToOwned::to_owned);
    let is_unknown = form.country().is_none();
    let options: Vec<_> = quoted
        .options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            let is_chosen = quoted.chosen.as_ref() == Some(&option.id);
            choice(text, index, option, is_chosen)
        })
        .collect();
    let described = problem.is_some().then_some("delivery-problem");
    view! {
        <fieldset id="delivery" tabindex="-1" data-part="delivery" aria-describedby=described>
            <legend>{text.delivery()}</legend>
            {problem.map(|problem| view! { <p class="field-problem" id="delivery-problem">{problem}</p> })}
            {is_unknown.then(|| view! { <p class="hint">{text.delivery_unknown()}</p> })}
            {options}
        </fieldset>
    }
    .into_any()
}

fn choice(text: CheckoutText, index: usize, option: &DeliveryOption, is_chosen: bool) -> AnyView {
    let price = if option.price.amount() == 0 {
        text.free().to_owned()
    } else {
        option.price.to_string()
    };
    let time = option.delivery_time.clone();
    let has_time = !time.is_empty();
    view! {
        <label class="choice">
            <input
                id=format!("delivery-{index}")
                type="radio"
                name="delivery"
                value=option.id.to_string()
                checked=is_chosen
            />
            <span>
                <span class="choice-name" dir="auto">{option.name.clone()}</span>
                {has_time.then(|| view! { " "<span class="hint" dir="auto">{time}</span> })}
            </span>
            " "
            <span class="amount" translate="no">{price}</span>
        </label>
    }
    .into_any()
}

fn note(text: CheckoutText, form: &CheckoutForm, problems: &Problems) -> AnyView {
    let problem = problems.of(Target::Note).map(ToOwned::to_owned);
    let is_invalid = problem.is_some();
    view! {
        <div class="field">
            <label for="note">{label(text, text.note(), true)}</label>
            <textarea
                id="note"
                name="note"
                rows="3"
                dir="auto"
                autocomplete="off"
                aria-invalid=is_invalid.then_some("true")
                aria-describedby=is_invalid.then_some("note-problem")
            >
                {textarea_text(&form.note)}
            </textarea>
            {problem.map(|problem| view! { <p class="field-problem" id="note-problem">{problem}</p> })}
        </div>
    }
    .into_any()
}

/// The text of a text area, escaped: the framework writes it as it is. Browsers drop a line break at
/// its beginning.
fn textarea_text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    if text.starts_with(['\r', '\n']) {
        format!("\n{text}")
    } else {
        text
    }
}

fn check(name: &'static str, label: &'static str, is_checked: bool) -> impl IntoView + use<> {
    view! {
        <label class="check">
            <input id=name type="checkbox" name=name value="yes" checked=is_checked/>
            <span>{label}</span>
        </label>
    }
}

fn label(text: CheckoutText, label: &'static str, is_optional: bool) -> impl IntoView + use<> {
    let optional =
        is_optional.then(|| view! { " "<span class="optional">{text.optional()}</span> });
    view! { {label}{optional} }
}

fn described_by(ids: [Option<String>; 2]) -> Option<String> {
    let ids: Vec<String> = ids.into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
