use super::Shipment;

/// Carriers whose pages follow a parcel by its number in the address: how their name begins, in lowercase letters and
/// digits alone, and the address up to the number. More special names come first.
const CARRIERS: [(&str, &str); 29] = [
    ("ups", "https://www.ups.com/track?tracknum="),
    (
        "usps",
        "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
    ),
    (
        "unitedstatespostalservice",
        "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
    ),
    ("fedex", "https://www.fedex.com/fedextrack/?trknbr="),
    (
        "federalexpress",
        "https://www.fedex.com/fedextrack/?trknbr=",
    ),
    (
        "dhlexpress",
        "https://www.dhl.com/global-en/home/tracking.html?tracking-id=",
    ),
    (
        "dhl",
        "https://www.dhl.com/global-en/home/tracking.html?tracking-id=",
    ),
    (
        "deutschepost",
        "https://www.deutschepost.de/sendung/simpleQueryResult.html?form.sendungsnummer=",
    ),
    ("dpd", "https://tracking.dpd.de/status/en_US/parcel/"),
    ("gls", "https://gls-group.com/track/"),
    (
        "hermes",
        "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#",
    ),
    ("evri", "https://www.evri.com/track/parcel/"),
    (
        "royalmail",
        "https://www.royalmail.com/track-your-item#/tracking-results/",
    ),
    (
        "parcelforce",
        "https://www.parcelforce.com/track-trace?trackNumber=",
    ),
    ("postnl", "https://jouw.postnl.nl/track-and-trace/"),
    (
        "bpost",
        "https://track.bpost.cloud/btr/web/#/search?itemCode=",
    ),
    (
        "colissimo",
        "https://www.laposte.fr/outils/suivre-vos-envois?code=",
    ),
    (
        "laposte",
        "https://www.laposte.fr/outils/suivre-vos-envois?code=",
    ),
    (
        "chronopost",
        "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT=",
    ),
    (
        "swisspost",
        "https://service.post.ch/ekp-web/ui/entry/search/",
    ),
    (
        "dieschweizerischepost",
        "https://service.post.ch/ekp-web/ui/entry/search/",
    ),
    (
        "austrianpost",
        "https://www.post.at/sv/sendungsdetails?snr=",
    ),
    (
        "sterreichischepost",
        "https://www.post.at/sv/sendungsdetails?snr=",
    ),
    (
        "posteitaliane",
        "https://www.poste.it/cerca/index.html#/risultati-spedizioni/",
    ),
    (
        "correos",
        "https://www.correos.es/es/en/tools/tracker/items/details?tracking-number=",
    ),
    ("postnord", "https://tracking.postnord.com/en/tracking?id="),
    (
        "canadapost",
        "https://www.canadapost-postescanada.ca/track-reperage/en#/details/",
    ),
    (
        "purolator",
        "https://www.purolator.com/en/shipping/tracker?pin=",
    ),
    (
        "australiapost",
        "https://auspost.com.au/mypost/track/details/",
    ),
];

impl Shipment {
    /// Where the carrier shows how far the parcel is, if the carrier is known and the number is one. Owners write
    /// numbers in groups, so spaces and dashes are left out.
    pub fn tracking_url(&self) -> Option<String> {
        let carrier: String = letters_and_digits(self.carrier.as_deref()?).to_lowercase();
        let number = self.tracking_number.as_deref()?;
        let is_number = number
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || matches!(each, ' ' | '-' | '\u{a0}'));
        let number = letters_and_digits(number);
        // Carriers' numbers are digits for the most part; words are a note of the owner's.
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_number = is_number && digits * 2 >= number.len();
        let (_, url) = CARRIERS
            .iter()
            .find(|(name, _)| carrier.starts_with(name))?;
        (is_number && number.len() >= 6).then(|| format!("{url}{number}"))
    }
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::Shipment;

    fn url(carrier: &str, number: &str) -> Option<String> {
        Shipment {
            carrier: Some(carrier.to_owned()),
            tracking_number: Some(number.to_owned()),
            shipped_at: 0,
        }
        .tracking_url()
    }

    #[test]
    fn tracking_leads_to_the_page_of_a_known_carrier() {
        assert_eq!(
            url("U.P.S. Ground", "1Z 999 AA1 01 2345 6784").as_deref(),
            Some("https://www.ups.com/track?tracknum=1Z999AA10123456784")
        );
        assert_eq!(
            url("Royal Mail", "AB123456789GB").as_deref(),
            Some("https://www.royalmail.com/track-your-item#/tracking-results/AB123456789GB")
        );
        for (carrier, number) in [
            ("Uncle Bob's van", "123456789"),
            ("DHL", "ask Bob"),
            ("DHL", "x\" onclick=\"alert(1)"),
            ("DHL", ""),
            ("", "123456789"),
        ] {
            assert_eq!(url(carrier, number), None, "{carrier} {number}");
        }
    }
}
