// A council's minutes, ready to print: day in the Japanese era, attendance, decisions, who entered them.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock, era, now, seconds } from './time.js';
import { session } from './store.js';
import { answerWord, decisionOf, members, met, otherValues, sittings, valueWords } from './council-parts.js';
import { itemTitle } from './form.js';

const HOW = { telephone: ['電話', 'telephone'], in_person: ['対面', 'in person'], paper: ['書面', 'paper'] };

function line(title, ...words) {
	return [h('dt', {}, title), h('dd', {}, words)];
}

function member({ r }) {
	const how = HOW[r.channel];
	return h('tr', { key: r.id }, h('th', { scope: 'row' }, r.name || r.id), h('td', {}, answerWord(r.answer), r.comment ? t(`（${r.comment}）`, ` (${r.comment})`) : ''),
		h('td', {}, r.acknowledged_at ? clock(r.acknowledged_at) : '', how ? t(`（${how[0]}、入力 ${r.entered_by || ''}）`, ` (${how[1]}, entered by ${r.entered_by || ''})`) : ''));
}

// What is not begun is no part of the minutes.
function said(item) {
	return Boolean(item.entered_by || item.state === 'ready');
}

function decision(item) {
	const done = Boolean(item.entered_by);
	return h('section', { key: item.id }, h('h3', {}, itemTitle(item)),
		(item.agenda || []).length ? h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('議題', 'Agenda')), h('th', { scope: 'col' }, t('決定', 'Decision')))),
			h('tbody', {}, item.agenda.map((a, i) => {
				const d = decisionOf(item, a);
				return h('tr', { key: a.id }, h('th', { scope: 'row' }, `${i + 1}. ${both(a, 'title') || a.id}`), h('td', {}, d ? [valueWords(d.value), d.beside ? t(`：${d.beside}`, `: ${d.beside}`) : ''] : t('（未決定）', '(open)')));
			}))) : null,
		otherValues(item).length ? h('dl', {}, otherValues(item).map((v) => line(both(v, 'title') || v.field, valueWords(v)))) : null,
		h('p', { class: 'by' }, done ? [both(item, 'decided_by') ? t(`決定：${both(item, 'decided_by')}　`, `Decided by ${both(item, 'decided_by')}. `) : '', t(`記録：${both(item, 'entered_by')}（${era(item.entered_at)} ${clock(item.entered_at)}）`, `Entered by ${both(item, 'entered_by')}, ${seconds(item.entered_at)}`),
			item.amended ? t('　訂正あり', ' Amended.') : '', item.unconfirmed ? t('　本人の確認待ち', ' To be confirmed.') : ''] : t('まだ記録されていません。', 'Not on record yet.')));
}

function sitting(incident, s) {
	const all = members(incident, s.meeting);
	return h('section', { key: s.meeting.item + s.meeting.role }, h('h2', {}, both(s.meeting, 'role'), ' ', itemTitle(s.item)),
		h('dl', {}, (s.item.values || []).map((v) => line(both(v, 'title') || v.field, valueWords(v))),
			s.item.entered_at ? line(t('招集', 'Convened'), `${era(s.item.entered_at)} ${clock(s.item.entered_at)} `, both(s.item, 'entered_by')) : null,
			line(t('出欠', 'Attendance'), t(`出席 ${s.meeting.present || 0}・代理 ${s.meeting.deputies || 0}・欠席 ${s.meeting.absent || 0}・未回答 ${s.meeting.silent || 0}`,
				`present ${s.meeting.present || 0}, deputies ${s.meeting.deputies || 0}, absent ${s.meeting.absent || 0}, silent ${s.meeting.silent || 0}`),
			t(`　定足数 ${s.meeting.quorum || 0}（${met(s.meeting) ? '成立' : '不成立'}）`, `; quorum ${s.meeting.quorum || 0} (${met(s.meeting) ? 'met' : 'not met'})`))),
		h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('構成員', 'Member')), h('th', { scope: 'col' }, t('出欠', 'Answer')), h('th', { scope: 'col' }, t('回答', 'When and how')))), h('tbody', {}, all.map(member))),
		s.decisions.filter(said).map(decision));
}

export function minutes(incident, row) {
	const { sittings: all, rest: others } = sittings(incident);
	const rest = others.filter(said);
	return h('article', { class: 'minutes', lang: null, 'aria-label': t('会議録', 'Minutes') },
		row && row.drill ? h('p', { class: 'minutes-drill' }, t('【訓練】これは訓練の記録です', '[DRILL] This is the record of a drill')) : null,
		h('h1', {}, t('会議録', 'Minutes')),
		h('dl', {}, line(t('事案', 'Incident'), `${row ? row.id : incident} `, both(row, 'title')), row && row.opened_at ? line(t('発生', 'Opened'), `${era(row.opened_at)} ${clock(row.opened_at)}`) : null,
			line(t('印刷', 'Printed'), `${era(now())} ${clock(now())} `, session().person_name || '')),
		all.map((s) => sitting(incident, s)),
		rest.length ? h('section', {}, h('h2', {}, t('そのほかの決定', 'Other decisions')), rest.map(decision)) : null,
		h('p', { class: 'sign' }, t('議長　　　　　　　　　　　　　　　記録者', 'Chair                         Secretary')));
}
