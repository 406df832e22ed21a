use domain::catalog::Collection;
use domain::id::VariantId;
use store::catalog::{NewProduct, NewVariant, insert_collection, insert_product};
use store::{Result, Tx};

/// Builds a product for a test. What a test does not say has a default, so that a new column of
/// products or variants is a change here and not in each suite.
#[derive(Clone, Debug)]
pub struct TestProduct {
    slug: String,
    title: String,
    description: String,
    image: String,
    image_alt: String,
    option_names: Vec<String>,
    collections: Vec<String>,
    position: i64,
    variants: Vec<TestVariant>,
}

#[derive(Clone, Debug)]
struct TestVariant {
    id: VariantId,
    sku: String,
    options: Vec<String>,
    unit_amount: i64,
    on_hand: i64,
}

impl TestProduct {
    /// A product without variants, called "Low Water".
    pub fn new(slug: &str) -> Self {
        Self {
            slug: slug.to_owned(),
            title: "Low Water".to_owned(),
            description: "A print.".to_owned(),
            image: "/art/low-water.svg".to_owned(),
            image_alt: "Ribbons.".to_owned(),
            option_names: Vec::new(),
            collections: Vec::new(),
            position: 0,
            variants: Vec::new(),
        }
    }

    /// Title and description.
    #[must_use]
    pub fn text(mut self, title: &str, description: &str) -> Self {
        title.clone_into(&mut self.title);
        description.clone_into(&mut self.description);
        self
    }

    /// The picture, and what it shows.
    #[must_use]
    pub fn picture(mut self, image: &str, image_alt: &str) -> Self {
        image.clone_into(&mut self.image);
        image_alt.clone_into(&mut self.image_alt);
        self
    }

    /// The options that its variants differ in.
    #[must_use]
    pub fn option(mut self, name: &str) -> Self {
        self.option_names.push(name.to_owned());
        self
    }

    /// A collection that it belongs to.
    #[must_use]
    pub fn in_collection(mut self, slug: &str) -> Self {
        self.collections.push(slug.to_owned());
        self
    }

    /// Its place among all products.
    #[must_use]
    pub const fn position(mut self, position: i64) -> Self {
        self.position = position;
        self
    }

    /// A variant: its id, a value for each option, its price in minor units, and the stock on hand.
    /// Its SKU is the id in capitals.
    #[must_use]
    pub fn variant(mut self, id: &str, options: &[&str], unit_amount: i64, on_hand: i64) -> Self {
        self.variants.push(TestVariant {
            id: VariantId::parse(id).unwrap(),
            sku: id.to_ascii_uppercase(),
            options: options.iter().map(|value| (*value).to_owned()).collect(),
            unit_amount,
            on_hand,
        });
        self
    }

    /// Gives the last variant another SKU.
    #[must_use]
    pub fn sku(mut self, sku: &str) -> Self {
        let variant = self.variants.last_mut().expect("a variant comes first");
        sku.clone_into(&mut variant.sku);
        self
    }

    /// Writes it, and returns whether it was written: not when its slug is taken.
    ///
    /// # Errors
    /// A conflict when a SKU is taken.
    pub async fn insert(&self, tx: &mut Tx) -> Result<bool> {
        let product = NewProduct {
            slug: &self.slug,
            title: &self.title,
            description: &self.description,
            image: &self.image,
            image_alt: &self.image_alt,
            option_names: &self.option_names,
            collections: &self.collections,
            position: self.position,
            variants: self.variants.iter().map(TestVariant::to_new).collect(),
        };
        insert_product(tx, &product).await
    }
}

impl TestVariant {
    fn to_new(&self) -> NewVariant<'_> {
        NewVariant {
            id: self.id.clone(),
            sku: &self.sku,
            options: &self.options,
            unit_amount: self.unit_amount,
            on_hand: self.on_hand,
        }
    }
}

/// Writes a collection without description and picture, whose title is its slug in capitals.
///
/// # Errors
/// When the database fails.
pub async fn insert_test_collection(tx: &mut Tx, slug: &str, position: i64) -> Result<()> {
    let collection = Collection {
        slug: slug.to_owned(),
        title: slug.to_ascii_uppercase(),
        description: String::new(),
        image: String::new(),
    };
    insert_collection(tx, &collection, position).await
}
