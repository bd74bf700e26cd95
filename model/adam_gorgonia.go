package model

import (
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"wakong/model/lstm"
)

// gorgoniaAdam is gorgonia's Adam (Kingma and Ba 2015) with a state that can be
// saved.
//
// A training that is to go on to the same bits after a kill needs Adam's
// moments and step count, which gorgonia keeps in private fields. They are
// reached by reflection, with every assumption checked: a gorgonia that keeps
// them otherwise gives an error here and fails TestAdamState.
type gorgoniaAdam[T lstm.Float] struct {
	solver  *G.AdamSolver
	learned G.Nodes
}

func newGorgoniaAdam[T lstm.Float](rate float64, learned G.Nodes) *gorgoniaAdam[T] {
	return &gorgoniaAdam[T]{solver: G.NewAdamSolver(G.WithLearnRate(rate)), learned: learned}
}

func (a *gorgoniaAdam[T]) step() error {
	if err := a.solver.Step(G.NodesToValueGrads(a.learned)); err != nil {
		return fmt.Errorf("model: Adam: %w", err)
	}
	return nil
}

var errAdamChanged = errors.New("model: gorgonia's AdamSolver does not keep its state as expected; training cannot be saved with this version of gorgonia")

// fields gives pointers to the solver's step count and to its moments, one
// struct of two values for each learned node.
func (a *gorgoniaAdam[T]) fields() (steps *int, cache reflect.Value, err error) {
	s := reflect.ValueOf(a.solver).Elem()
	iter, cache := s.FieldByName("iter"), s.FieldByName("cache")
	if !iter.IsValid() || iter.Kind() != reflect.Int || !cache.IsValid() || cache.Kind() != reflect.Slice {
		return nil, cache, errAdamChanged
	}
	dual := cache.Type().Elem()
	if dual.Kind() != reflect.Pointer || dual.Elem().Kind() != reflect.Struct || dual.Elem().NumField() != 2 {
		return nil, cache, errAdamChanged
	}
	value := reflect.TypeFor[G.Value]()
	for i := range 2 {
		if dual.Elem().Field(i).Type != value {
			return nil, cache, errAdamChanged
		}
	}
	// Private fields may be read through reflection, but not set: go by address.
	steps = (*int)(unsafe.Pointer(iter.UnsafeAddr()))
	return steps, reflect.NewAt(cache.Type(), unsafe.Pointer(cache.UnsafeAddr())).Elem(), nil
}

// moment is a pointer to one of the two values of a cache entry.
func moment(entry reflect.Value, i int) *G.Value {
	return (*G.Value)(unsafe.Pointer(entry.Elem().Field(i).UnsafeAddr()))
}

// state copies Adam's state. Before the first step all moments are 0.
func (a *gorgoniaAdam[T]) state() (adamState[T], error) {
	steps, cache, err := a.fields()
	if err != nil {
		return adamState[T]{}, err
	}
	st := adamState[T]{steps: *steps}
	for i, node := range a.learned {
		first, second := make([]T, len(values[T](node))), make([]T, len(values[T](node)))
		if cache.Len() > 0 {
			for j, dst := range [][]T{first, second} {
				src, err := lstm.Elements[T](*moment(cache.Index(i), j))
				if err != nil || len(src) != len(dst) {
					return adamState[T]{}, errAdamChanged
				}
				copy(dst, src)
			}
		}
		st.first, st.second = append(st.first, first), append(st.second, second)
	}
	return st, nil
}

// restore sets Adam's state.
func (a *gorgoniaAdam[T]) restore(st adamState[T]) error {
	steps, cache, err := a.fields()
	if err != nil {
		return err
	}
	if err := st.fits(a.learned); err != nil {
		return err
	}
	fresh := reflect.MakeSlice(cache.Type(), len(a.learned), len(a.learned))
	for i, node := range a.learned {
		entry := reflect.New(cache.Type().Elem().Elem())
		for j, src := range [][]T{st.first[i], st.second[i]} {
			own := append([]T(nil), src...)
			*moment(entry, j) = tensor.New(tensor.WithShape(node.Shape().Clone()...), tensor.WithBacking(own))
		}
		fresh.Index(i).Set(entry)
	}
	if st.steps == 0 {
		fresh = reflect.Zero(cache.Type())
	}
	cache.Set(fresh)
	*steps = st.steps
	return nil
}
