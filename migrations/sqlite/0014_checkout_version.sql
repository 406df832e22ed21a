-- A page of a product says which taxes are in its price and whether delivery comes on top.
CREATE TRIGGER shipping_zones_insert_raises_catalog_version AFTER INSERT ON shipping_zones BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER shipping_zones_update_raises_catalog_version AFTER UPDATE ON shipping_zones BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER shipping_zones_delete_raises_catalog_version AFTER DELETE ON shipping_zones BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER tax_rates_insert_raises_catalog_version AFTER INSERT ON tax_rates BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER tax_rates_update_raises_catalog_version AFTER UPDATE ON tax_rates BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;

CREATE TRIGGER tax_rates_delete_raises_catalog_version AFTER DELETE ON tax_rates BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'catalog_version';
END;
