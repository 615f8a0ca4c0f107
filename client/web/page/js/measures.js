// measures: stops and cut-offs: what, how far, on whose authority, which terminals have not acknowledged them.
import { h } from './dom.js';
import { t, both } from './i18n.js';
import { clock, elapsed, day } from './time.js';
import * as ui from './ui.js';
import * as codes from './codes.js';
import { valueText } from './steps.js';

const tone = { in_force: 'warn', lifted: 'good', handed_over: 'info' };

function told(m) {
	return (m.told || []).map((told) => {
		const missing = (told.wanted || 0) - (told.acknowledged || 0), what = told.what === 'lifted' ? t('解除', 'lifting') : t('命令', 'order');
		const names = (told.waiting || []).slice(0, 12).join(t('、', ', ')), more = (told.waiting || []).length - 12;
		return h('p', { key: told.what, class: 'b-measure-told' },
			ui.badge(missing ? 'wait' : 'good', t(`${what}を ${told.wanted || 0}台中 ${told.acknowledged || 0}台が受領`, `${what}: ${told.acknowledged || 0} of ${told.wanted || 0} terminals acknowledged`)),
			missing > 0 && names && h('span', null, t(`　まだ：${names}${more > 0 ? ` ほか${more}` : ''}`, `  not yet: ${names}${more > 0 ? ` and ${more} more` : ''}`)));
	});
}

// The item that ordered it and what was chosen there; one of the two alone may say little.
export function measureTitle(m) {
	const item = ui.names.itemRow(m.incident, m.item), title = both(m, 'title'), of = item ? both(item, 'title') : '';
	return of && of !== title ? t(`${of}：${title}`, `${of}: ${title}`) : title;
}

function measure(m, { link = true } = {}) {
	const authorities = both(m, 'authorities');
	return h('li', { key: m.key, class: `b-measure b-measure-${m.state}` },
		h('p', { class: 'b-measure-head' }, ui.badge(tone[m.state] || 'info', codes.measureState(m.state)), m.drill && ui.drillMark(m),
			h('strong', null, t(`措置${m.id}　`, `Measure ${m.id}: `), measureTitle(m)), (m.extent || []).length > 0 && h('span', null, t('　', ' '), m.extent.map(valueText).join(t('、', ', ')))),
		h('p', { class: 'soft' }, t(`${clock(m.ordered_at)} から${m.state === 'in_force' ? ` ${elapsed(m.ordered_at)}` : ''}　命じた人：${both(m, 'ordered_by')}　権限：${(Array.isArray(authorities) ? authorities : []).join('・')}`,
			`since ${clock(m.ordered_at)}${m.state === 'in_force' ? ` (${elapsed(m.ordered_at)})` : ''}; ordered by ${both(m, 'ordered_by')}; authority: ${(Array.isArray(authorities) ? authorities : []).join(', ')}`),
			m.approval === 'before' ? t('（事前に決定）', ' (decided beforehand)') : m.approval === 'after' ? t('（事後承認）', ' (approved afterwards)') : ''),
		m.state === 'lifted' && h('p', { class: 'soft' }, t(`解除：${m.ended_by} ${clock(m.ended_at)}`, `lifted by ${m.ended_by} at ${clock(m.ended_at)}`)),
		m.owner && h('p', { class: 'soft' }, t(`引継ぎ：${m.ended_by} → ${m.owner}、期限 ${day(m.due)}　${m.reason || ''}`, `handed over by ${m.ended_by} to ${m.owner}, due ${day(m.due)}  ${m.reason || ''}`)),
		told(m),
		link && m.incident ? h('a', { href: `#/incident/${m.incident}` }, t(`事案${m.incident}`, `Incident ${m.incident}`)) : null);
}

export const measureList = (list, options) => h('ul', { class: 'b-measures' }, list.map((m) => measure(m, options)));
