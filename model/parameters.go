package model

import "wakong/model/lstm"

// Parameters is how many numbers a network of these options learns over word
// vectors of size dim. Its weights hold at least as many; who has them of
// others can tell, before there is memory for a network, whether they are its.
// Options that no network can have are an error.
func (o NetworkOptions) Parameters(dim int) (int, error) {
	o, err := o.withDefaults()
	if err != nil {
		return 0, err
	}
	sizes, err := o.sizes(dim)
	if err != nil {
		return 0, err
	}
	count := dim // the unknown word's vector
	for _, size := range sizes {
		count += size.Params()
	}
	return count, nil
}

// sizes are those of the layers, all of which are possible.
func (o NetworkOptions) sizes(dim int) ([]lstm.Size, error) {
	sizes := make([]lstm.Size, o.Layers)
	for l := range sizes {
		sizes[l] = lstm.Size{In: dim, Units: o.Units}
		if l > 0 {
			sizes[l].In = 2 * o.Units
		}
		if err := sizes[l].Validate(); err != nil {
			return nil, err
		}
	}
	return sizes, nil
}
