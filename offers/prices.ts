import { paginateGetProducts, PricingClient } from "@aws-sdk/client-pricing";

/** Where AWS answers questions about prices of all regions. */
const region = "us-east-1";

/**
 * Attributes of all products that AWS has a price for.
 *
 * @param service Code of the service: `AmazonMSK`.
 * @param wanted Attributes that products must have.
 */
export async function pricedProducts(
    service: string,
    wanted: Record<string, string>,
): Promise<Partial<Record<string, string>>[]> {
    const Filters = Object.entries(wanted).map(([Field, Value]) => ({ Type: "TERM_MATCH" as const, Field, Value }));
    const products: Partial<Record<string, string>>[] = [];
    for await (const { PriceList = [] } of paginateGetProducts(
        { client: new PricingClient({ region }) },
        { ServiceCode: service, Filters },
    )) {
        for (const text of PriceList) {
            const { product } = JSON.parse(String(text)) as { product?: { attributes?: Record<string, string> } };
            products.push(product?.attributes ?? {});
        }
    }
    return products;
}
