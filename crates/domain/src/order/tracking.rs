use super::Parcel;

/// Carriers whose pages follow a parcel by its number alone: how their name begins, as whole words
/// in lowercase letters and digits, and the address up to the number. Carriers that ask for a
/// postal code or a date too (PostNL, letters of Deutsche Post) are left out. Each address was
/// compared with how other shops' programs lead to the carrier (November 2026); no carrier
/// documents it.
const CARRIERS: [(&str, &str); 27] = [
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
        "https://auspost.com.au/mypost/track/#/details/",
    ),
];

impl Parcel {
    /// The carrier's page of the parcel, if the carrier is known and the number is one. Owners
    /// write numbers in groups, so spaces and dashes are left out.
    pub fn tracking_url(&self) -> Option<String> {
        let carrier = self.carrier.as_deref()?;
        let number = self.tracking_number.as_deref()?;
        let is_number = number
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || matches!(each, ' ' | '-' | '\u{a0}'));
        let number = alphanumeric(number);
        // Carriers' numbers are digits for the most part; words are a note of the admin's.
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_number = is_number && digits * 2 >= number.len();
        let (_, url) = CARRIERS
            .iter()
            .find(|(name, _)| begins_with(carrier, name))?;
        (is_number && number.len() >= 6).then(|| format!("{url}{number}"))
    }
}

/// True if the first words of a carrier's name are these, however they are spaced and written.
fn begins_with(carrier: &str, name: &str) -> bool {
    let carrier = carrier.replace('.', "");
    let mut words = carrier.split(|each: char| !each.is_alphanumeric());
    let mut begun = String::new();
    words.any(|word| {
        begun.push_str(&alphanumeric(word).to_lowercase());
        begun == name
    })
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::Parcel;
    use crate::id::ParcelId;

    fn url(carrier: &str, number: &str) -> Option<String> {
        Parcel {
            id: ParcelId::parse("parcel-1").expect("letters, a dash and a digit"),
            carrier: Some(carrier.to_owned()),
            tracking_number: Some(number.to_owned()),
            shipped_at: 0,
            delivered_at: None,
            pieces: Vec::new(),
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
        assert_eq!(
            url("Australia Post (eParcel)", "33ABC1234567").as_deref(),
            Some("https://auspost.com.au/mypost/track/#/details/33ABC1234567")
        );
        assert_eq!(
            url("Österreichische Post", "1035304005500970252807").as_deref(),
            Some("https://www.post.at/sv/sendungsdetails?snr=1035304005500970252807")
        );
        for (carrier, number) in [
            ("Upstate Couriers", "123456789"),
            ("PostNL", "3SABCD123456789"),
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
