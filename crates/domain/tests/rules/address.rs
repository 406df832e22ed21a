use domain::address::{Address, AddressInput, Country, Field, MAX_LINE, MAX_PHONE, Problem, clean};
use proptest::prelude::*;

fn input(country: &str, line1: &str, city: &str, region: &str, postal_code: &str) -> AddressInput {
    AddressInput {
        name: "Ada Lovelace".to_owned(),
        line1: line1.to_owned(),
        city: city.to_owned(),
        region: region.to_owned(),
        postal_code: postal_code.to_owned(),
        country: country.to_owned(),
        ..AddressInput::default()
    }
}

fn lines(country: &str, line1: &str, city: &str, region: &str, postal_code: &str) -> String {
    let address = Address::parse(&input(country, line1, city, region, postal_code));
    let address = address.unwrap();
    assert_eq!(address.postal_code_hint(), None, "{country} {postal_code}");
    address.lines().join("\n")
}

#[test]
#[rustfmt::skip]
fn addresses_of_many_countries_are_written_as_their_post_does() {
    let cases = [
        ("US", "350 Fifth Avenue", "New York", "New York", "10118", "350 Fifth Avenue\nNew York, NY 10118\nUnited States"),
        ("US", "PSC 3 Box 4120", "APO", "AE", "09021-0002", "PSC 3 Box 4120\nAPO, AE 09021-0002\nUnited States"),
        ("CA", "111 Wellington St", "Ottawa", "on", "k1a 0a9", "111 Wellington St\nOttawa ON K1A 0A9\nCanada"),
        ("MX", "Av. Juárez 50", "Ciudad de México", "CDMX", "06050", "Av. Juárez 50\n06050 Ciudad de México, CDMX\nMexico"),
        ("BR", "Av. Paulista 1578", "São Paulo", "sao paulo", "01310-200", "Av. Paulista 1578\nSão Paulo-SP\n01310-200\nBrazil"),
        ("AR", "Av. Corrientes 1234", "Buenos Aires", "", "C1043AAZ", "Av. Corrientes 1234\nC1043AAZ Buenos Aires\nArgentina"),
        ("GB", "10 Downing Street", "London", "", "SW1A 2AA", "10 Downing Street\nLondon\nSW1A 2AA\nUnited Kingdom"),
        ("GB", "Flat 1", "Oban", "", "PA34 5UT", "Flat 1\nOban\nPA34 5UT\nUnited Kingdom"),
        ("IE", "Leinster House", "Dublin 2", "", "D02 XR20", "Leinster House\nDublin 2\nD02 XR20\nIreland"),
        ("IE", "The Post Office", "Kilronan", "Co. Galway", "", "The Post Office\nKilronan\nCo. Galway\nIreland"),
        ("DE", "Platz der Republik 1", "Berlin", "", "11011", "Platz der Republik 1\n11011 Berlin\nGermany"),
        ("DE", "Hauptstraße 1", "Au", "", "D-79280", "Hauptstraße 1\nD-79280 Au\nGermany"),
        ("AT", "Stephansplatz 3", "Wien", "", "1010", "Stephansplatz 3\n1010 Wien\nAustria"),
        ("CH", "Bundesplatz 3", "Bern", "", "3005", "Bundesplatz 3\nCH-3005 Bern\nSwitzerland"),
        ("FR", "1 rue de la Mairie", "Y", "", "80190", "1 rue de la Mairie\n80190 Y\nFrance"),
        ("ES", "Calle de Alcalá 1", "Madrid", "", "28014", "Calle de Alcalá 1\n28014 Madrid\nSpain"),
        ("ES", "Calle Real 2", "Segovia", "Segovia", "40001", "Calle Real 2\n40001 Segovia SG\nSpain"),
        ("PT", "Rua Augusta 24", "Lisboa", "", "1100-053", "Rua Augusta 24\n1100-053 Lisboa\nPortugal"),
        ("IT", "Via del Corso 1", "Roma", "RM", "00186", "Via del Corso 1\n00186 Roma RM\nItaly"),
        ("NL", "Dam 1", "Amsterdam", "", "1012 JS", "Dam 1\n1012 JS Amsterdam\nNetherlands"),
        ("BE", "Grand-Place 1", "Bruxelles", "", "1000", "Grand-Place 1\n1000 Bruxelles\nBelgium"),
        ("SE", "Slottsbacken 1", "Stockholm", "", "111 30", "Slottsbacken 1\nSE-111 30 Stockholm\nSweden"),
        ("NO", "Reinevegen 1", "Å", "", "8392", "Reinevegen 1\n8392 Å\nNorway"),
        ("FI", "Mannerheimintie 30", "Helsinki", "", "FI-00100", "Mannerheimintie 30\nFI-00100 Helsinki\nFinland"),
        ("PL", "ul. Wiejska 4", "Warszawa", "", "00-902", "ul. Wiejska 4\n00-902 Warszawa\nPoland"),
        ("CZ", "Hradčany 1", "Praha", "", "119 08", "Hradčany 1\n119 08 Praha\nCzechia"),
        ("LV", "Brīvības iela 1", "Rīga", "", "LV-1010", "Brīvības iela 1\nRīga, LV-1010\nLatvia"),
        ("GR", "Πλατεία Συντάγματος 1", "Αθήνα", "", "105 63", "Πλατεία Συντάγματος 1\n105 63 Αθήνα\nGreece"),
        ("UA", "вул. Хрещатик 1", "Київ", "", "01001", "вул. Хрещатик 1\nКиїв\n01001\nUkraine"),
        ("TR", "Atatürk Blv. 1", "Çankaya", "Ankara", "06420", "Atatürk Blv. 1\n06420 Çankaya/Ankara\nTürkiye"),
        ("IL", "רחוב קפלן 1", "ירושלים", "", "9195015", "רחוב קפלן 1\nירושלים 9195015\nIsrael"),
        ("AE", "Sheikh Zayed Road 1", "Jumeirah", "Dubai", "", "Sheikh Zayed Road 1\nJumeirah\nDubai\nUnited Arab Emirates"),
        ("SA", "طريق الملك فهد", "الرياض", "", "١٢٢١٤", "طريق الملك فهد\nالرياض 12214\nSaudi Arabia"),
        ("IN", "1 Rajpath", "New Delhi", "Delhi", "110001", "1 Rajpath\nNew Delhi 110001\nDelhi\nIndia"),
        ("CN", "长安街1号", "北京", "北京市", "100031", "100031\n北京市北京\n长安街1号\nAda Lovelace\nChina"),
        ("CN", "1 Chang'an Ave", "Beijing", "Beijing Shi", "100031", "1 Chang'an Ave\nBeijing\nBeijing Shi, 100031\nChina"),
        ("JP", "永田町1-7-1", "千代田区", "東京都", "〒100−8914", "〒100-8914\n東京都\n千代田区\n永田町1-7-1\nAda Lovelace\nJapan"),
        ("JP", "1-7-1 Nagatacho, Chiyoda-ku", "", "Tokyo", "１００８９１４", "1-7-1 Nagatacho, Chiyoda-ku\nTokyo\n1008914\nJapan"),
        ("KR", "1 Sejong-daero", "Jung-gu", "Seoul", "04524", "1 Sejong-daero\nJung-gu\nSeoul\n04524\nSouth Korea"),
        ("TW", "1 Ketagalan Blvd", "Zhongzheng District", "Taipei City", "100", "1 Ketagalan Blvd\nZhongzheng District, Taipei City 100\nTaiwan"),
        ("HK", "1 Harbour Road", "", "Hong Kong Island", "", "1 Harbour Road\nHong Kong Island\nHong Kong"),
        ("SG", "1 Raffles Place", "", "", "048616", "1 Raffles Place\nSINGAPORE 048616\nSingapore"),
        ("AU", "Parliament Drive", "Canberra", "ACT", "2600", "Parliament Drive\nCanberra ACT 2600\nAustralia"),
        ("NZ", "1 Molesworth Street", "Wellington", "", "6011", "1 Molesworth Street\nWellington 6011\nNew Zealand"),
        ("ZA", "1 Plein Street", "Cape Town", "", "8001", "1 Plein Street\nCape Town\n8001\nSouth Africa"),
        ("KE", "P.O. Box 1", "Nairobi", "", "00100", "P.O. Box 1\nNairobi\n00100\nKenya"),
        ("GH", "1 Castle Road", "Accra", "", "", "1 Castle Road\nAccra\nGhana"),
        ("BO", "Calle 1", "La Paz", "", "", "Calle 1\nLa Paz\nBolivia"),
        ("QA", "Building 1, Zone 2", "Doha", "", "", "Building 1, Zone 2\nDoha\nQatar"),
        ("PA", "Calle 50", "Panamá", "", "", "Calle 50\nPanamá\nPanama"),
    ];
    for (country, line1, city, region, postal_code, wanted) in cases {
        let found = lines(country, line1, city, region, postal_code);
        let wanted = if wanted.contains("Ada") { wanted.to_owned() } else { format!("Ada Lovelace\n{wanted}") };
        assert_eq!(found, wanted);
    }
}

#[test]
fn every_country_takes_an_address_with_all_fields_and_one_with_the_needed_ones() {
    for country in Country::all() {
        let format = country.format();
        let mut full = input(
            country.as_str(),
            "1 Main Street",
            "Springfield",
            "Somewhere",
            "12345",
        );
        full.line2 = "Floor 2".to_owned();
        full.company = "Acme".to_owned();
        full.phone = "+1 555 0100".to_owned();
        let address = Address::parse(&full).unwrap();
        let text = address.lines().join("\n");
        for part in [
            "Ada Lovelace",
            "Acme",
            "1 Main Street",
            "Floor 2",
            country.name(),
        ] {
            assert!(text.contains(part), "{country}: {text}");
        }
        for field in [Field::City, Field::Region, Field::PostalCode] {
            assert_eq!(address.get(field).is_some(), format.has(field), "{country}");
            assert_eq!(
                format.fields().contains(&field),
                format.has(field),
                "{country}"
            );
            assert!(format.has(field) || !format.needs(field), "{country}");
            if let Some(value) = address.get(field) {
                assert!(text.contains(value), "{country}: {text}");
            }
        }
        let mut short = full.clone();
        let mut missing = Vec::new();
        for (field, text) in [
            (Field::City, &mut short.city),
            (Field::Region, &mut short.region),
            (Field::PostalCode, &mut short.postal_code),
        ] {
            text.clear();
            if format.needs(field) {
                missing.push((field, Problem::Missing));
            }
        }
        match Address::parse(&short) {
            Ok(_) => assert!(missing.is_empty(), "{country}"),
            Err(problems) => assert_eq!(problems, missing, "{country}"),
        }
        assert_eq!(
            Country::parse(&country.as_str().to_lowercase()),
            Ok(country)
        );
        let again = Address::parse(&AddressInput::of(&address));
        assert!(
            again.as_ref() == Ok(&address),
            "{country}: parsing twice changes nothing"
        );
    }
    assert!(Country::all().count() >= 249);
    assert_eq!(
        Country::all().next().map(Country::name),
        Some("Afghanistan")
    );
}

#[test]
fn unusual_postal_code_or_region_is_taken_and_hinted_at() {
    let address = Address::parse(&input("US", "1 Main St", "X", "Elsewhere", "ABC")).unwrap();
    assert_eq!(address.postal_code.as_deref(), Some("ABC"));
    assert_eq!(address.postal_code_hint(), Some("95014"));
    assert_eq!(address.region.as_deref(), Some("Elsewhere"));
    assert_eq!(address.region_code(), None);
    let mut usual = input("US", "1 Main St", "X", "california", "95014 1234");
    for region in ["CA", "ca", " California ", "CALIFORNIA", "Ca."] {
        usual.region = region.to_owned();
        let address = Address::parse(&usual).unwrap();
        assert_eq!(address.region.as_deref(), Some("CA"), "{region}");
        assert_eq!(address.region_code(), Some("CA"), "{region}");
        assert_eq!(address.postal_code_hint(), None);
    }
    for region in ["東京都", "tokyo", "Tōkyō", "13"] {
        let address = Address::parse(&input("JP", "1-1", "", region, "100-0001")).unwrap();
        assert_eq!(address.region_code(), Some("13"), "{region}");
    }
}

#[test]
fn fields_that_cannot_stay_are_named_in_order() {
    let all = Address::parse(&AddressInput::default()).unwrap_err();
    assert_eq!(all, [(Field::Country, Problem::Missing)].as_slice());
    let us = Address::parse(&AddressInput {
        country: "us".to_owned(),
        ..AddressInput::default()
    });
    let missing = [
        Field::Name,
        Field::Line1,
        Field::City,
        Field::Region,
        Field::PostalCode,
    ];
    assert_eq!(
        us.unwrap_err(),
        missing.map(|field| (field, Problem::Missing))
    );
    let mut typed = input("ZZ", "a\nb", &"x".repeat(MAX_LINE + 1), "CA", "1");
    typed.phone = "call me".to_owned();
    let most = MAX_LINE;
    assert_eq!(
        Address::parse(&typed).unwrap_err(),
        [
            (Field::Line1, Problem::ControlCharacter),
            (Field::City, Problem::TooLong { most }),
            (Field::Country, Problem::UnknownCountry),
            (Field::Phone, Problem::NotAPhoneNumber),
        ]
    );
    typed.phone = "5".repeat(MAX_PHONE + 1);
    let problems = Address::parse(&typed).unwrap_err();
    assert!(problems.contains(&(Field::Phone, Problem::TooLong { most: MAX_PHONE })));
}

#[test]
fn text_is_cleaned_of_what_only_hides_or_turns_it() {
    let cases = [
        ("  a \u{a0}\u{3000}\t b  ", Some("a b")),
        ("\u{202e}gnirts\u{202c}", Some("gnirts")),
        ("zero\u{200b}\u{feff}\u{2060}width", Some("zerowidth")),
        ("نام\u{200c}ها", Some("نام\u{200c}ها")),
        ("👩\u{200d}🎨 🏳\u{fe0f}", Some("👩\u{200d}🎨 🏳\u{fe0f}")),
        ("\u{200b}\u{200d}\u{3164} \u{2800}", None),
        ("", None),
        ("Å", Some("Å")),
    ];
    for (typed, wanted) in cases {
        assert_eq!(clean(typed, 20).unwrap().as_deref(), wanted, "{typed:?}");
    }
    for control in [
        "a\nb",
        "a\r\nBcc: x",
        "a\0b",
        "a\u{7f}b",
        "a\u{85}b",
        "a\u{2028}b",
        "a\u{1b}[2J",
    ] {
        assert!(clean(control, 20).is_err(), "{control:?}");
    }
}

#[test]
fn line_of_two_hundred_characters_is_taken() {
    for letter in ["a", "ü", "字", "👩", "ب"] {
        let typed = input("DE", &letter.repeat(200), "B", "", "1");
        assert_eq!(Address::parse(&typed).unwrap().line1.chars().count(), 200);
    }
}

#[test]
fn person_is_not_in_debug_output() {
    let typed = input("DE", "Secret Street 1", "Berlin", "", "10115");
    let address = Address::parse(&typed).unwrap();
    let shown = format!("{typed:?} {address:?}");
    assert!(
        !shown.contains("Secret") && !shown.contains("Ada"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused_by_field(
        texts in proptest::collection::vec("\\PC{0,40}|.{0,300}", 8),
        country in "[A-Za-z]{2}|.{0,5}|US|JP|DE",
    ) {
        let typed = AddressInput {
            name: texts[0].clone(),
            company: texts[1].clone(),
            line1: texts[2].clone(),
            line2: texts[3].clone(),
            city: texts[4].clone(),
            region: texts[5].clone(),
            postal_code: texts[6].clone(),
            phone: texts[7].clone(),
            country,
        };
        match Address::parse(&typed) {
            Ok(address) => {
                let again = Address::parse(&AddressInput::of(&address));
                prop_assert!(again.as_ref() == Ok(&address), "reading twice changes something");
                let lines = address.lines();
                prop_assert!(lines.len() >= 3 && lines.iter().all(|line| !line.trim().is_empty()));
                prop_assert!(!lines.iter().any(|line| line.chars().any(char::is_control)));
                let _ = (address.postal_code_hint(), address.region_code());
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.is_sorted_by(|a, b| a.0 < b.0));
            }
        }
    }
}
