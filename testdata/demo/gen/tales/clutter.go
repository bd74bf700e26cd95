package tales

// A comment is what a reader left below a tale.
type comment struct{ Name, Text string }

var names = []string{"小雨妈妈", "爱听故事的豆豆", "三年级二班", "夜猫子", "外公讲故事", "糖糖", "一颗星"}

var remarks = []string{
	"昨晚讲给女儿听，她要我再讲一遍。",
	"我家弟弟听到一半就睡着了，谢谢！",
	"狐狸最可爱，没有之一。",
	"下一篇什么时候更新？",
	"老师在课堂上读了这一篇，大家都笑了。",
	"插图什么时候补上？",
	"乌龟说话的样子好像我爷爷。",
	"沙发！",
	"读完想吃面包了。",
	"这个网站的字能不能再大一点？",
	"打卡第十天。",
}

var ads = []string{
	"睡前故事机，今天下单包邮。",
	"儿童蜂蜜三罐装，第二罐半价！",
	"小风车夜灯，夜里不怕黑。",
	"全家一起学画画，前三节课免费。",
	"手工灯笼材料包，亲子活动必备。",
}

func pick[T any](list []T, i int) T { return list[i%len(list)] }

// commentsOf gives the readers' comments below tale number i: one to three,
// spread so that neighbouring pages differ.
func commentsOf(i int) []comment {
	var out []comment
	for k := range i%3 + 1 {
		out = append(out, comment{pick(names, i*2+k*3), pick(remarks, i*3+k*5)})
	}
	return out
}
