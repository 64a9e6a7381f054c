/** Lists that are read at once in each region: what a bucket gives in the time of an answer. */
export const LISTS_A_REGION = 12
export const MOST_LISTS = 96
