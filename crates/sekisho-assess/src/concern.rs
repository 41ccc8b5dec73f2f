//! Which documents a product is assessed against.

use sekisho_catalog::{Catalog, Interest};
use sekisho_model::assessment::LeftOut;
use sekisho_model::catalog::Document;
use sekisho_model::product::Product;

/// The documents to assess, and those that the catalog has beside them with the reason for leaving them out.
///
/// Documents that the product file names are assessed as they are. Where it names none, a document concerns the product unless what the file
/// says of industries, markets and roles speaks against it: what the file does not say leaves nothing out.
pub(crate) fn documents<'a>(catalog: &'a Catalog, product: &Product) -> (Vec<&'a Document>, Vec<LeftOut>) {
    if product.documents.is_empty() {
        return Interest::from(product).documents(catalog);
    }
    let mut wanted: Vec<&Document> = Vec::new();
    for document in product.documents.iter().filter_map(|name| catalog.document(name).ok()) {
        if !wanted.iter().any(|d| d.id == document.id) {
            wanted.push(document);
        }
    }
    (wanted, Vec::new())
}
