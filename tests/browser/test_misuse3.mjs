// The story of server/tours/misuse-3.sh, wholly in browsers: misuse of level 3 at night. A stop is broadcast, the mayor and the chief are reached by
// telephone, the council takes the stop over and only its decision resumes.
import { acknowledge, acknowledgeFor, act, actFor, amend, atTerminal, call, callFurther, callNobodyThere, choose, confirmAll, decide, file, finishFollowUps, followUp, notNeeded, notOffered, now, pick, putOff,
	raise, refused, refusedOther, terminalFor, text, unknown } from './acts.mjs';
import { check, run } from './run.mjs';
import { allTerminals, cast, latecomer, mayorTold, names, seen, verdict } from './story.mjs';
import { day } from './populate.mjs';

const cause = '認証情報の流出', found = '正当な権限によると確認できない操作';

await run('browser_misuse3', async ({ town, house }) => {
	const { operator, officer, manager, chief, vice, board, terminals, accepted } = await cast(town, house);
	const [t1, t2, t3] = terminals;

	// 手順1: nobody but the roles is told.
	check('it is incident 1', await raise(t1, '不正行為', '閉庁後に統合端末が操作された記録がある', pick('事象', 'CSへの不正アクセス行為')) === 1);
	await officer.sees('不正行為の通報');
	await vice.go('#/incident/1');
	await acknowledge(officer, '不正行為の通報');
	const outsider = await latecomer(house, 'p_hirata', accepted);
	await outsider.go('#/incident/1');
	await outsider.page.getByRole('heading', { level: 1 }).waitFor();
	for (const seat of [t2, t3, outsider]) check(`${seat.name} knows nothing of it`, !(await seat.text()).includes('不正行為の通報'));
	await refused(officer, '不正行為の状況の把握', text('(ア)', '本日21時10分に発見、20時台と思われる'), text('(イ)', '1階窓口 統合端末1'));
	const early = [text('(ア)', '本日21時10分に発見、20時台と思われる'), text('(イ)', '1階窓口 統合端末1'), text('(エ)', '端末に触れていない')];
	await act(t1, '不正行為の状況の把握', ...early, unknown('(ウ) 不正行為および想定される被害等', '調査中'));
	await acknowledge(officer, '不正行為の状況の把握');
	await amend(officer, 1, 'M1.2', '不正行為の状況の把握', async ({ form }) => form.getByRole('checkbox', { name: /^まだ分からない\s*（\(ウ\)/ }).uncheck(), text('(ウ)', '本人確認情報の検索3件'));
	await act(operator, '情報の集約', text('集約した情報', '20時台の検索3件、操作者不明'));
	await act(operator, '事象の調査・分析', text('調査・分析', '20時台の検索3件、操作者不明'), pick('脅威度の可能性', 'レベル3'), pick('提供先での不正行為', '認められる'), text('根拠', '正当な権限によるものと確認できない操作がある'));
	await act(operator, '県・全国センターとの連絡調整', text('依頼した措置', '被害状況を把握するための照会'), call('滋賀県総務部市町振興課', '中村', '調べて折り返す'), call('全国センター', '受付', '記録を確認する'));
	await act(operator, 'システム管理者・統括責任者への報告', text('報告', '正当な権限によるものと確認できない操作がある'));
	for (const seat of [officer, manager, chief]) await acknowledge(seat, 'システム管理者・統括責任者への報告');
	await seen(vice, 'システム管理者・統括責任者への報告', '完了');

	// 手順2, at night, by telephone
	await actFor(manager, 1, 'M2.0b', 'データ保護等の指示', 'p_ito', '090-0000-0004', text('指示', '統合端末を切り離し、記録を保全すること'));
	for (const seat of [manager, officer, operator]) await acknowledge(seat, 'データ保護等の指示');
	await act(chief, '町長への第一報', text('第一報', '不正アクセスの疑いがあり、停止を検討しています'));
	await callNobodyThere(manager, 1, names.p_mayor, '090-0000-0005');
	await mayorTold(manager, '町長への第一報');
	await refused(operator, 'システムの停止', pick('停止等', '停止する'));
	await act(operator, 'システムの停止', pick('停止等', '停止する'), pick('停止の範囲', 'ネットワークからの切り離し'));
	for (const seat of terminals) await seat.sees('システムの停止');
	await atTerminal(t1, 'システムの停止');
	await board.sees('ネットワークからの切り離し');
	await terminalFor(operator, 1, '支所 統合端末', 'システムの停止');
	await terminalFor(operator, 1, '1階窓口 統合端末2', 'システムの停止', '電源が入らない');
	await seen(vice, 'システムの停止', '完了');
	await refusedOther(chief, '#/tasks/1?do=withdraw', '誤報として取り下げる', [text('誤報と判断した理由', '誤報')], '誤報として取り下げる');
	await act(operator, '関係者への聴取・調査', text('聴取・調査', '操作者に心当たりはない'));
	await act(operator, '提供先への緊急措置の要請', text('聴取・調査・廃棄等の要請', '保有情報の確認と廃棄'), callFurther('全国センター', '受付', '確認して報告する'), followUp('講じた措置の報告', '講じた措置の報告を受ける', 'p_tanaka', day(7)));
	await refused(operator, '関係機関との連絡調整', call('滋賀県総務部市町振興課', '中村', '了解した'));
	await act(operator, '関係機関との連絡調整', call('全国センター', '受付', '協力する'), call('滋賀県総務部市町振興課', '中村', '了解した'), call('企画課', '西村', '了解した'), call('保守委託事業者', '山本', '待機する'));

	// 手順3
	await act(officer, '脅威度の判定', pick('脅威度', 'レベル3'), text('根拠', '正当な権限によるものと確認することができない統合端末等の操作（レベル3の例3）'), call('全国センター', '受付', '判断に同意する'));
	await act(officer, '原因の解明と対策の報告', text('原因', cause), text('対策', '全員の認証情報を改める'));
	for (const seat of [manager, chief]) await acknowledge(seat, '原因の解明と対策の報告');
	await refused(chief, '会議の招集の判断（レベル3）', pick('招集', '招集しない'));
	await act(chief, '会議の招集の判断（レベル3）', pick('招集', '招集する'), text('判断の根拠', '本人確認情報への脅威が高い'));
	await act(chief, '町長への続報', text('続報', '停止し、会議を招集します'));
	await mayorTold(manager, '町長への続報');

	// 手順4
	await act(chief, 'セキュリティ会議の招集', now('日時'));
	await notOffered(officer, '会議への報告'); // before there is a quorum
	for (const seat of [manager, officer, chief]) await acknowledge(seat, 'セキュリティ会議の招集', 'present');
	await acknowledgeFor(manager, names.p_ono, 'セキュリティ会議の招集', '欠席');
	await acknowledge(vice, 'セキュリティ会議の招集', '加藤が出席');
	await vice.go('#/incident/1');
	await act(officer, '会議への報告', text('不正行為の状況', found), text('原因', cause), unknown('支障の程度', '調査中'));
	await act(chief, '会議による措置の承認', pick('承認', '承認する'), text('議事', '全員一致で承認'));
	await refused(chief, '会議の協議と決定（9項目）', choose('システムへの措置', '停止等をしない'));
	await act(chief, '会議の協議と決定（9項目）', choose('システムへの措置', '停止等をしない'), decide('関係機関への連絡', '全国センターと都道府県管理課に連絡する'), decide('技術的支援依頼', '保守委託事業者に依頼する'),
		decide('緊急体制の確立', '税務住民課が窓口を統括する'), decide('町民への対応', '窓口で説明する'), decide('広報対応', '町のホームページで知らせる'), decide('代替措置の実施', '手書きの受付票で対応する'),
		decide('緊急措置の見直し判断', 'アクセスログの監視を加える'), putOff('再開運用の決定'));
	await act(chief, '会議の内容・決定事項の町長への報告', text('報告', '9項目を決定しました。再開は復旧後に審議します'));
	await mayorTold(manager, '会議の内容・決定事項の町長への報告');
	await seen(vice, '会議の内容・決定事項の町長への報告', '完了');
	await confirmAll(await latecomer(house, 'p_ono', accepted));

	// 手順5・6
	const restored = (words) => act(chief, '原因の究明と復旧措置', text('原因', cause), text('復旧措置', words), file('証拠', 'access.log', '10.1.2.3 LOGIN FAILED\n'));
	const approved = async () => {
		await act(officer, '整合性の確認と修復', text('整合性の確認', '抽出した範囲で差異なし'));
		await act(chief, '運用再開の承認', pick('承認', '差し戻す'), text('理由', '全件を照合すること'));
		await notOffered(officer, '運用の再開');
		await act(officer, '整合性の確認と修復', text('整合性の確認', '全件を照合し、差異なし'));
		await act(chief, '運用再開の承認', pick('承認', '承認する'), text('理由', '復旧と整合性を確認した'));
		await notOffered(officer, '運用の再開');
		await notNeeded(chief, '再開のための会議の招集', '会議を継続している');
		await act(officer, '復旧状況の会議への報告', text('報告', '復旧し、全件の整合性を確認した'));
	};
	await restored('認証情報を改め、端末を初期化した');
	await approved();
	await act(chief, '会議による運用再開の決定', pick('運用再開の決定', '再開しない'), text('議事', '証拠の保全を先に行う'));
	await notOffered(officer, '運用の再開');
	await restored('証拠の写しを保全し、端末を初期化した');
	await approved();
	await act(chief, '会議による運用再開の決定', pick('運用再開の決定', '再開する'), text('議事', '再開を決定'));
	await notOffered(chief, '事案の終結'); // while the stop is in force
	await act(officer, '運用の再開', text('再開の内容', '運用を再開した'));
	await allTerminals(terminals, '運用の再開');
	await notNeeded(officer, '再開に伴う作業', '権限の変更はない');
	await act(chief, '再開の町長への報告', text('報告', '運用を再開しました'));
	await mayorTold(manager, '再開の町長への報告');
	await act(operator, '関係機関への連絡', call('滋賀県総務部市町振興課', '中村', '了解した'), call('全国センター', '受付', '了解した'), callFurther('関係市町村', '彦根市', '了解した'));

	// 恒久対策
	await act(chief, '恒久対策の会議の招集', now('日時'));
	for (const seat of [manager, officer, chief, vice]) await acknowledge(seat, '恒久対策の会議の招集', 'present');
	await act(chief, '恒久対策の審議', followUp('恒久対策', '認証の記録を毎日点検する', 'p_tanaka', day(30)), followUp('恒久対策', '職員の研修を行う', 'p_suzuki', day(90)));
	await confirmAll(await latecomer(house, 'p_mayor', accepted));
	await confirmAll(chief);
	await act(chief, '事案の終結', text('終結の所見', '復旧を確認し、終結する'));
	await board.sees('すべて平常');
	await finishFollowUps(operator, '実施した');
	await finishFollowUps(officer, '実施した');
	await verdict(town, house, accepted, 'misuse-3');
});
