// The labels in both languages, and the tales to try.
"use strict";
const labels = {
  zh: {
    other: "English", intro: "选一个故事，或者贴上自己的文字；点一个词把它挖掉，或者用 XXXXX 表示空。网络从文中的词里选出答案。",
    text: "文字", go: "提问", answers: "答案", passage: "文中各处被选的程度", left: "空的左边", right: "空的右边",
    hint: "颜色越浓，选得越多；点一个词，把它挖掉。", pick: "点一个词，把它挖掉。", busy: "请稍候……",
    done: "答完了。", cut: "文字太长：只看了空附近的词，略去 {n} 个。", was: "原文是“{w}”。",
    several: "只能有一个 XXXXX。", more: "文字太长：只显示开头，还有 {n} 个词。", empty: "请先选一个故事或输入文字。", failed: "出错了：", blank: "空",
    status: {0: "服务器没有回应；它还在运行吗？", 413: "文字太长，最多约 30 万字。", 429: "提问的人太多，过一会儿再试。", 503: "服务器正忙或正在关闭，过一会儿再试。"},
  },
  en: {
    other: "中文", intro: "Pick a tale or paste Chinese text; click a word to blank it, or type XXXXX for the blank. The network answers with one of the text's own words.",
    text: "Text", go: "Ask", answers: "Answers", passage: "How much each place was chosen", left: "left of the blank", right: "right of the blank",
    hint: "The stronger the colour, the more it was chosen; click a word to blank it.", pick: "Click a word to blank it.", busy: "One moment…",
    done: "Answered.", cut: "A long text: only words near the blank were looked at, {n} were left out.", was: "The text has “{w}” there.",
    several: "There must be only one XXXXX.", more: "A long text: only its beginning is shown, {n} words follow.", empty: "Pick a tale or type a text first.", failed: "That failed: ", blank: "blank",
    status: {0: "the server does not answer; is it still running?", 413: "the text is too long; about 300,000 characters are taken.", 429: "too many are asking; try again in a moment.", 503: "the server is busy or ending; try again in a moment."},
  },
};
const tales = [
  {zh: "狐狸的灯笼", en: "The fox's lantern", text: "晚上，狐狸提着灯笼走出家门。刺猬看见灯笼，高兴地跑过来。刺猬说：“林子里太黑了，我找不到木桥。”狐狸笑着说：“跟着我的灯笼走吧。”他们一起走过木桥，来到磨坊。山羊打开磨坊的门，请狐狸和刺猬吃热热的面包。刺猬说：“谢谢你的面包，也谢谢狐狸的灯笼。”"},
  {zh: "松鼠的雨伞", en: "The squirrel's umbrella", text: "早上下雨了，松鼠撑着雨伞去看乌龟。路上，兔子躲在树叶下面，衣服都湿了。松鼠把雨伞分给兔子一半。风一吹，雨伞飞到了河里。乌龟从河里游过来，背上顶着雨伞。兔子拍手说：“乌龟把雨伞送回来了！”松鼠请乌龟和兔子到家里喝热茶。"},
  {zh: "磨坊裡的貓（繁體）", en: "The cat in the mill (traditional)", text: "磨坊裡住著一隻貓。白天，貓睡在麵粉袋上；晚上，貓聽老鼠唱歌。有一天，老鼠生病了，磨坊裡安靜得很。貓睡不著，就去給老鼠送麵包。老鼠吃了麵包，又唱起歌來。貓說：“沒有老鼠的歌，磨坊就不像磨坊了。”"},
];
