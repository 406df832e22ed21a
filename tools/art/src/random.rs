/// A SplitMix64 generator: small, quick, and the same on every machine, which is all that drawing asks of it.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        fraction(scramble(self.state))
    }

    /// A number in `low..high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `0..count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.unit() * count as f64) as usize
    }

    /// True with the given probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the choices, which are written out in the drawing and so never empty.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A number around zero, most often within one and rarely beyond two: the sum of uniform numbers is
    /// close enough to a bell curve, and needs no logarithm that might differ between platforms.
    pub(crate) fn bell(&mut self) -> f64 {
        (0..6).map(|_| self.unit()).sum::<f64>() * 1.4 - 4.2
    }
}

/// Mixes the bits of a number so that neighbors have nothing in common.
pub(crate) fn scramble(value: u64) -> u64 {
    let mut mixed = value;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Reads the upper bits of a scrambled number as a fraction in `0.0..1.0`.
pub(crate) fn fraction(scrambled: u64) -> f64 {
    (scrambled >> 11) as f64 / (1_u64 << 53) as f64
}
