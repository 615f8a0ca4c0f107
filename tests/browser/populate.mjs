// What a town's day may hold, entered through the command line. word(what) gives each text that somebody types.
const ordinary = (what) => `${what}について`;

const by = (town) => async (who, ...args) => {
	const { code, out, err } = await town.renraku(who, ...args);
	if (code) throw new Error(`${who} ${args.join(' ')}: exit ${code}\n${out}${err}`);
	return out;
};

// Incident 1: a drill that runs. A real alarm ends it.
export async function drill(town, word = ordinary) {
	const does = by(town);
	await does('p_nishida', 'drill', 'start', 'fault', '--kind', 'hardware', '--place', word('訓練の場所'), '--text', word('訓練の想定'));
	await does('p_tanaka', 'ack', '1/A.fault');
	return 1;
}

// After the drill: a fault up to the council (incident 2), misuse that only few may see (3), a connection test, absences, delegations, calls,
// comments, follow-ups.
export async function worstDay(town, word = ordinary) {
	const does = by(town);
	const field = (id, what) => `${id}=${word(what)}`;
	// The fault, from its alarm to the agenda.
	await does('t1', 'alarm', 'fault', '--kind', 'hardware', '--text', word('状況'), '--reporter', word('発見者'));
	const fault = 2, at = (item) => `${fault}/${item}`;
	const act = (who, item, ...args) => does(who, 'act', String(fault), item, ...args);
	await does('p_tanaka', 'ack', at('A.fault'));
	await does('p_tanaka', 'comment', String(fault), word('コメント'));
	await does('p_tanaka', 'comment', at('F1.1b'), word('項目のコメント'));
	await act('p_tanaka', 'F1.1b', 'kind=hardware', '--check', '警告ランプの確認', field('place', '箇所'), field('cause', '原因'));
	await does('p_tanaka', 'waive', String(fault), 'F1.1c', '--reason', word('不要の理由'));
	await act('p_tanaka', 'F1.2a', '--call', 'contractor', '--answered', word('相手'), '--said', word('返事'));
	await act('p_tanaka', 'F1.2b', field('situation', '障害の状況'), '--unknown', `cause=${word('分からない理由')}`, field('extent', '支障の程度'));
	await does('p_suzuki', 'ack', at('F1.2b'));
	await act('p_suzuki', 'F1.3', field('remark', '所見'));
	await does('p_sato', 'ack', at('F1.3'));
	await does('p_ito', 'ack', at('F1.3'));
	await act('p_ito', 'F2.1', field('instruction', '指示'), 'stop=stop', 'scope=equipment');
	await does('p_sato', 'ack', at('F2.1'));
	await does('p_suzuki', 'ack', at('F2.1'));
	await does('t1', 'ack', at('F2.1'));
	await does('p_ito', 'excuse', at('F2.1'), 't2', '--reason', word('使えない理由'));
	await act('p_ito', 'F2.2a', 'serious=serious', field('ground', '根拠'));
	await act('p_ito', 'F2.2b', field('text', '町長への報告'));
	await does('p_sato', 'ack', at('F2.2b'), '--for', 'p_mayor', '--by', 'telephone', '--number', '0749-00-0005', '--at', hour());
	await does('p_sato', 'call', String(fault), 'p_mayor', '--number', '0749-00-0005', '--no-answer', '--again', hour());
	await does('p_ito', 'council', 'convene', String(fault), 'F3.1', `at=${today()} ${hour()}`, field('place', '会議の場所'));
	await does('p_suzuki', 'ack', at('F3.1'), '--answer', 'present');
	await does('p_ito', 'ack', at('F3.1'), '--answer', 'present');
	await does('p_vice', 'ack', at('F3.1'), '--answer', 'deputy', '--comment', word('代理の者'));
	await act('p_suzuki', 'F3.2', field('situation', '会議への報告'), '--unknown', `cause=${word('会議でも分からない理由')}`, field('extent', '程度'));
	await act('p_ito', 'F3.2r', 'approval=approved', field('minutes', '議事'));
	await does('p_ito', 'follow-up', 'add', String(fault), word('今後の対策'), '--owner', 'p_tanaka', '--due', '2027-03-31');
	await does('p_ito', 'reopen', String(fault), 'F2.2a', '--reason', word('やり直しの理由'));
	// Misuse, of which few know; somebody is kept out of it.
	await does('t3', 'alarm', 'misuse', '--kind', 'access', '--text', word('不正行為の状況'));
	await does('p_ito', 'bar', '3', 'p_ono', '--ground', word('外す根拠'));
	// A connection test, absences, somebody standing in.
	await does('p_nishida', 'test');
	await does('p_hirata', 'absent', '--until', tomorrow(), '--reason', word('不在の理由'));
	await does('p_sato', 'delegate', 'p_nishida', '--role', 'system_manager', '--kind', 'delegate', '--until', tomorrow(), '--reason', word('委任の理由'));
	return { drill: 1, fault, misuse: 3 };
}

const japan = (options, shift = 0) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', ...options }).format(Date.now() + shift);
export const hour = () => japan({ hour: '2-digit', minute: '2-digit' });
export const today = () => japan({ dateStyle: 'short' });
export const day = (ahead) => japan({ dateStyle: 'short' }, ahead * 86400000);
const tomorrow = () => `${day(1)} 17:00`;
