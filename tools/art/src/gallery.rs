use crate::drawings::{
    arcade, corona, cracks, favicon, fern, footpaths, ground_plan, hero, interference, loom,
    meadow, mobile, moons, oak, orrery, pebbles, pendulum, planisphere, profiles, quarter_turn,
    quilt, reflection, regatta, ribbons, ridges, scales, seed_head, soundings, sprigs, stationery,
    strata, survey, swell, terrazzo, umbels,
};
use crate::palette::{
    BLUSH, CHALK, CLAY, ICE, INDIGO, INK, MIST, NIGHT, OCHRE, PAPER, RUST, SAND, SEA, STRAW,
};
use crate::svg::Sheet;

/// A picture and the file it is kept in, below `public/`.
pub(crate) struct Picture {
    pub(crate) file: &'static str,
    draw: fn() -> Sheet,
}

impl Picture {
    pub(crate) fn svg(&self) -> String {
        (self.draw)().finish()
    }
}

/// Every picture of the shop. A seed is chosen by eye: the one whose picture came out best.
pub(crate) const PICTURES: &[Picture] = &[
    Picture {
        file: "art/low-water.svg",
        draw: low_water,
    },
    Picture {
        file: "art/eddy.svg",
        draw: eddy,
    },
    Picture {
        file: "art/swell.svg",
        draw: || swell::draw(3),
    },
    Picture {
        file: "art/slack-tide.svg",
        draw: || reflection::draw(5),
    },
    Picture {
        file: "art/shoal.svg",
        draw: || scales::draw(2),
    },
    Picture {
        file: "art/soundings.svg",
        draw: || soundings::draw(2),
    },
    Picture {
        file: "art/regatta.svg",
        draw: || regatta::draw(8),
    },
    Picture {
        file: "art/first-frost.svg",
        draw: first_frost,
    },
    Picture {
        file: "art/evening-col.svg",
        draw: evening_col,
    },
    Picture {
        file: "art/survey.svg",
        draw: || survey::draw(7),
    },
    Picture {
        file: "art/forty-profiles.svg",
        draw: || profiles::draw(5),
    },
    Picture {
        file: "art/fault-line.svg",
        draw: || strata::draw(3),
    },
    Picture {
        file: "art/dry-lake.svg",
        draw: || cracks::draw(9),
    },
    Picture {
        file: "art/fennel.svg",
        draw: || umbels::draw(6),
    },
    Picture {
        file: "art/fern.svg",
        draw: || fern::draw(1),
    },
    Picture {
        file: "art/seed-head.svg",
        draw: || seed_head::draw(1),
    },
    Picture {
        file: "art/winter-oak.svg",
        draw: || oak::draw(12),
    },
    Picture {
        file: "art/nine-sprigs.svg",
        draw: || sprigs::draw(4),
    },
    Picture {
        file: "art/june-meadow.svg",
        draw: || meadow::draw(10),
    },
    Picture {
        file: "art/planisphere.svg",
        draw: || planisphere::draw(4),
    },
    Picture {
        file: "art/thirty-moons.svg",
        draw: moons::draw,
    },
    Picture {
        file: "art/orrery.svg",
        draw: || orrery::draw(2),
    },
    Picture {
        file: "art/long-pendulum.svg",
        draw: long_pendulum,
    },
    Picture {
        file: "art/five-points.svg",
        draw: five_points,
    },
    Picture {
        file: "art/totality.svg",
        draw: || corona::draw(6),
    },
    Picture {
        file: "art/twill.svg",
        draw: || loom::draw(4),
    },
    Picture {
        file: "art/footpaths.svg",
        draw: || footpaths::draw(5),
    },
    Picture {
        file: "art/lot-quilt.svg",
        draw: || quilt::draw(9),
    },
    Picture {
        file: "art/ground-plan.svg",
        draw: || ground_plan::draw(7),
    },
    Picture {
        file: "art/interference.svg",
        draw: interference::draw,
    },
    Picture {
        file: "art/pebbles.svg",
        draw: || pebbles::draw(3),
    },
    Picture {
        file: "art/counterweight.svg",
        draw: || mobile::draw(3),
    },
    Picture {
        file: "art/quarter-turn.svg",
        draw: || quarter_turn::draw(5),
    },
    Picture {
        file: "art/arcade.svg",
        draw: || arcade::draw(1),
    },
    Picture {
        file: "art/terrazzo.svg",
        draw: || terrazzo::draw(2),
    },
    Picture {
        file: "art/notebook.svg",
        draw: stationery::notebook,
    },
    Picture {
        file: "art/postcards.svg",
        draw: stationery::postcards,
    },
    Picture {
        file: "art/bookmarks.svg",
        draw: stationery::bookmarks,
    },
    Picture {
        file: "art/hero.svg",
        draw: || hero::draw(4),
    },
    Picture {
        file: "favicon.svg",
        draw: favicon::draw,
    },
];

fn low_water() -> Sheet {
    ribbons::draw(&ribbons::Ribbons {
        seed: 11,
        ground: PAPER,
        inks: &[INDIGO, SEA, SEA, MIST, MIST, INK, SAND, SAND, CLAY],
        widths: &[44.0, 26.0, 14.0, 7.0],
        heading: 0.06,
        stray: 0.4,
        disc: false,
    })
}

fn eddy() -> Sheet {
    ribbons::draw(&ribbons::Ribbons {
        seed: 23,
        ground: SAND,
        inks: &[RUST, RUST, CLAY, PAPER, OCHRE, INK, BLUSH],
        widths: &[15.0, 9.0, 5.0],
        heading: 0.3,
        stray: 0.55,
        disc: true,
    })
}

fn first_frost() -> Sheet {
    ridges::draw(&ridges::Light {
        seed: 14,
        sky: "#eef0ea",
        far: ICE,
        middle: SEA,
        near: NIGHT,
        disc: CHALK,
        disc_at: (250.0, 240.0, 78.0),
    })
}

fn evening_col() -> Sheet {
    ridges::draw(&ridges::Light {
        seed: 31,
        sky: "#f4dfc2",
        far: BLUSH,
        middle: RUST,
        near: "#3a2433",
        disc: CLAY,
        disc_at: (520.0, 300.0, 120.0),
    })
}

fn long_pendulum() -> Sheet {
    pendulum::draw(&pendulum::Pendulum {
        ground: PAPER,
        ink: INDIGO,
        second: RUST,
        across: [swing(3.0, 0.1, 290.0), swing(1.0, 0.0, 0.0)],
        along: [swing(4.003, 0.3, 380.0), swing(1.0, 0.0, 0.0)],
        decay: 0.0035,
        swings: 46.0,
    })
}

fn five_points() -> Sheet {
    pendulum::draw(&pendulum::Pendulum {
        ground: NIGHT,
        ink: STRAW,
        second: CLAY,
        across: [swing(2.0, 0.0, 222.0), swing(3.0, 0.5, 136.0)],
        along: [swing(2.003, 0.5, 284.0), swing(3.0, 0.0, 172.0)],
        decay: 0.0035,
        swings: 46.0,
    })
}

fn swing(pace: f64, phase: f64, reach: f64) -> pendulum::Swing {
    pendulum::Swing { pace, phase, reach }
}

#[cfg(test)]
mod tests {
    use super::PICTURES;

    #[test]
    fn pictures_fit_a_strict_content_security_policy_and_a_small_page() {
        for picture in PICTURES {
            let svg = picture.svg();
            let file = picture.file;
            assert!(svg.len() <= 24 * 1024, "{file} has {} bytes", svg.len());
            for forbidden in ["style", "<script", "<text", "<image", "data:", "NaN", "inf"] {
                assert!(!svg.contains(forbidden), "{file} contains {forbidden}");
            }
            // The only address is the name of the format; every other reference stays inside the file.
            assert_eq!(svg.matches("http").count(), 1, "{file} refers elsewhere");
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_bytes() {
        for picture in PICTURES {
            assert_eq!(picture.svg(), picture.svg(), "{}", picture.file);
        }
    }
}
