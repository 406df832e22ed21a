-- The version of what store pages show, which goes up with every transaction that changes it, so that rendered pages
-- can be kept until then. Triggers see to it, because no statement can forget them. Of stock a page shows only the step
-- of `domain::stock::Availability`, so a change within a step leaves the version alone.
INSERT INTO counters (name, value) VALUES ('catalog_version', 1);

CREATE TRIGGER collections_insert_raises_catalog_version AFTER INSERT ON collections BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER collections_update_raises_catalog_version AFTER UPDATE ON collections BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER collections_delete_raises_catalog_version AFTER DELETE ON collections BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER products_insert_raises_catalog_version AFTER INSERT ON products BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER products_update_raises_catalog_version AFTER UPDATE ON products BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER products_delete_raises_catalog_version AFTER DELETE ON products BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER collection_products_insert_raises_catalog_version AFTER INSERT ON collection_products BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER collection_products_update_raises_catalog_version AFTER UPDATE ON collection_products BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER collection_products_delete_raises_catalog_version AFTER DELETE ON collection_products BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER variants_insert_raises_catalog_version AFTER INSERT ON variants BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER variants_delete_raises_catalog_version AFTER DELETE ON variants BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

-- A statement that changes no stock changes something else.
CREATE TRIGGER variants_update_raises_catalog_version AFTER UPDATE ON variants
WHEN (OLD.on_hand = NEW.on_hand AND OLD.held = NEW.held)
    OR OLD.id IS DISTINCT FROM NEW.id
    OR OLD.product_slug IS DISTINCT FROM NEW.product_slug
    OR OLD.sku IS DISTINCT FROM NEW.sku
    OR OLD.option1 IS DISTINCT FROM NEW.option1
    OR OLD.option2 IS DISTINCT FROM NEW.option2
    OR OLD.option3 IS DISTINCT FROM NEW.option3
    OR OLD.unit_amount IS DISTINCT FROM NEW.unit_amount
    OR OLD.position IS DISTINCT FROM NEW.position
    OR CASE WHEN OLD.on_hand - OLD.held > 3 THEN 3 WHEN OLD.on_hand - OLD.held > 0 THEN 2 WHEN OLD.on_hand > 0 THEN 1 ELSE 0 END
        <> CASE WHEN NEW.on_hand - NEW.held > 3 THEN 3 WHEN NEW.on_hand - NEW.held > 0 THEN 2 WHEN NEW.on_hand > 0 THEN 1 ELSE 0 END BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

-- What the shop writes about its own operation is on no page.
CREATE TRIGGER settings_insert_raises_catalog_version AFTER INSERT ON settings
WHEN NEW.key NOT IN ('readiness', 'events_seen_until') BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER settings_update_raises_catalog_version AFTER UPDATE ON settings
WHEN NEW.key NOT IN ('readiness', 'events_seen_until') AND OLD.value <> NEW.value BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER settings_delete_raises_catalog_version AFTER DELETE ON settings
WHEN OLD.key NOT IN ('readiness', 'events_seen_until') BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;
