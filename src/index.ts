/** What a notebook imports from 'tsbert'. */
export {};
