/** Where one socket serves both families, an address of the older one is written inside one of the newer. */
export const withoutMapping = (address = ""): string => address.replace(/^::ffff:(?=\d+\.)/, "");
