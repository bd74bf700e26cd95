package model

import (
	"reflect"
	"testing"
)

func TestEvaluateGroups(t *testing.T) {
	answers := []Labeled{{ID: "1", Word: "狐狸"}, {ID: "2", Word: "灯笼"}, {ID: "3", Word: "灯笼"}, {ID: "4", Word: "木桥"}}
	predictions := []Labeled{{ID: "1", Word: " 狐狸 "}, {ID: "2", Word: "灯笼"}, {ID: "3", Word: "木桥"}}
	group := func(id string) string { return map[string]string{"1": "a", "2": "b", "3": "b", "4": "outside"}[id] }
	got := EvaluateGroups(predictions, answers, []string{"b", "a", "none"}, group)
	want := []Group{{"b", 2, 1, 0.5}, {"a", 1, 1, 1}, {"none", 0, 0, 0}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
