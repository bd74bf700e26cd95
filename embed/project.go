package embed

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Project places words in the plane so that it shows as much as a plane can of
// how their vectors differ: on the first two principal components of the
// vectors, scaled to length 1 as cosines see them. ids has at least three words;
// the answer has shape [len(ids)][x, y], its mean is at 0. share is the part of
// the variance that the plane shows, 0 to 1. The same vectors give the same
// places: of the two directions of an axis the one is taken in which the
// largest place is positive.
func (v *Vectors) Project(ids []int32) (places [][2]float64, share float64, err error) {
	if err := v.check(); err != nil {
		return nil, 0, err
	}
	if len(ids) < 3 || v.Size < 2 {
		return nil, 0, fmt.Errorf("embed: %d words of size %d have no plane, expected at least 3 words of size 2", len(ids), v.Size)
	}
	rows := mat.NewDense(len(ids), v.Size, nil)
	for i, id := range ids {
		row := v.Vector(id)
		if row == nil {
			return nil, 0, fmt.Errorf("embed: no word has id %d", id)
		}
		n := norm(row)
		for j, x := range row {
			if n > 0 {
				rows.Set(i, j, float64(x)/n)
			}
		}
	}
	for j := range v.Size {
		mean := mat.Sum(rows.ColView(j)) / float64(len(ids))
		for i := range ids {
			rows.Set(i, j, rows.At(i, j)-mean)
		}
	}
	var components stat.PC
	if !components.PrincipalComponents(rows, nil) {
		return nil, 0, fmt.Errorf("embed: the principal components of %d words cannot be computed", len(ids))
	}
	var axes mat.Dense
	components.VectorsTo(&axes)
	if _, columns := axes.Dims(); columns < 2 {
		return nil, 0, fmt.Errorf("embed: %d words have no plane", len(ids))
	}
	var plane mat.Dense
	plane.Mul(rows, axes.Slice(0, v.Size, 0, 2))
	places = make([][2]float64, len(ids))
	for axis := range 2 {
		sign := direction(&plane, axis)
		for i := range ids {
			places[i][axis] = sign * plane.At(i, axis)
		}
	}
	variances, all := components.VarsTo(nil), 0.0
	for _, x := range variances {
		all += x
	}
	if all > 0 {
		share = (variances[0] + variances[1]) / all
	}
	return places, share, nil
}

// direction is -1 where the largest place on an axis is negative.
func direction(plane *mat.Dense, axis int) float64 {
	largest := 0.0
	rows, _ := plane.Dims()
	for i := range rows {
		// A hair more: two places that differ by rounding only must not decide.
		if x := plane.At(i, axis); math.Abs(x) > math.Abs(largest)*(1+1e-9) {
			largest = x
		}
	}
	return math.Copysign(1, largest)
}
