// The story of server/tours/fault.sh, wholly in browsers: five people signed in at once, three enrolled terminals, the board open on another screen.
// What one does the others see without a reload.
import { acknowledge, acknowledgeFor, act, call, choose, confirmAll, decide, followUp, notNeeded, notOffered, now, pick, putOff, raise, text, unknown } from './acts.mjs';
import { check, run } from './run.mjs';
import { allTerminals, cast, cellShows, latecomer, mayorTold, names, seen, verdict } from './story.mjs';
import { day } from './populate.mjs';

await run('browser_fault', async ({ town, house }) => {
	const { operator, officer, manager, chief, vice, board, terminals, accepted } = await cast(town, house);
	const [t1, t2, t3] = terminals;

	// 手順1: an alarm without sign-in; everybody has it before their eyes.
	const incident = await raise(t1, '障害', '起動しない', pick('事象', '電子計算機・端末装置の故障'));
	check('it is incident 1', incident === 1);
	for (const seat of [t2, t3, operator, board]) await seat.sees('障害の通報');
	await vice.go('#/incident/1');
	await acknowledge(operator, '障害の通報');
	await cellShows(board, '障害の通報', names.p_tanaka, '確認済み');
	await act(operator, '障害の特定と原因の究明', pick('障害の種類', 'ハードウェアの障害', '警告ランプの確認', '形状異常の確認'), text('箇所', '1階窓口 統合端末1'), text('原因', '電源装置の故障'));
	await seen(vice, '障害の特定と原因の究明', '完了', names.p_tanaka);
	await notNeeded(operator, '原因究明のための連絡', '原因が判明したため');
	await seen(vice, '原因究明のための連絡', '不要');
	await act(operator, '保守作業の依頼', call('保守委託事業者', '山本', '15時に来庁して部品を交換する'));
	await act(operator, 'セキュリティ責任者への報告', text('障害の状況', '統合端末1が起動しない'), text('原因', '電源装置の故障'), text('支障の程度', '窓口1か所が使えない'));
	await seen(vice, 'セキュリティ責任者への報告', '確認待ち');
	await acknowledge(officer, 'セキュリティ責任者への報告');
	await seen(vice, 'セキュリティ責任者への報告', '完了');
	await act(officer, 'セキュリティ統括責任者への報告', text('所見', '他の端末への影響を確認中'));
	await acknowledge(manager, 'セキュリティ統括責任者への報告'); // only now is the chief told
	await acknowledge(chief, 'セキュリティ統括責任者への報告');
	await cellShows(board, 'セキュリティ統括責任者への報告', names.p_ito, '確認済み');

	// 手順2
	await act(chief, 'データ保護等の指示', text('指示', '統合端末1を切り離し、バックアップを確認すること'), pick('停止・切り離し', '命ずる'));
	await acknowledge(manager, 'データ保護等の指示');
	await acknowledge(officer, 'データ保護等の指示');
	await allTerminals(terminals, 'データ保護等の指示');
	await seen(vice, 'データ保護等の指示', '完了');
	await act(chief, '重大な障害かの判断', pick('判断', '重大（町長報告・会議招集）'), text('根拠', '長時間の停止が見込まれる'));
	await act(chief, '町長への報告', text('報告', '統合端末の障害により窓口業務が停止しています'));
	await mayorTold(manager, '町長への報告');
	await seen(vice, '町長への報告', '完了');

	// 手順3
	await act(chief, 'セキュリティ会議の招集', now('日時'), text('場所', '第1会議室'));
	await acknowledge(manager, 'セキュリティ会議の招集', 'present');
	await acknowledge(officer, 'セキュリティ会議の招集', 'present');
	await acknowledgeFor(manager, names.p_ono, 'セキュリティ会議の招集', '欠席');
	await acknowledge(vice, 'セキュリティ会議の招集', '加藤が出席');
	await acknowledge(chief, 'セキュリティ会議の招集', 'present');
	await vice.go('#/incident/1');
	await seen(vice, 'セキュリティ会議の招集', '完了');
	await act(officer, '会議への報告', text('障害の状況', '統合端末1が起動しない'), text('原因', '電源装置の故障'), unknown('支障の程度', '窓口ごとに確認中'));
	await act(chief, '会議による措置の承認', pick('承認', '承認する'), text('議事', '全員一致で承認'));
	await act(chief, '会議の審議（8項目）', choose('機器等への対応', '停止等をする'), decide('関係機関への連絡', '全国センターと滋賀県に連絡する'), decide('技術的支援依頼', '保守委託事業者に依頼済み'),
		decide('緊急体制の確立', '税務住民課が窓口を統括する'), decide('町民への対応', '手書きの受付票で対応する'), decide('広報対応', '町のホームページで知らせる'),
		decide('代替措置の実施', '他の端末で証明書を交付する'), putOff('再開運用の決定'));
	await allTerminals(terminals, '会議の審議');
	await seen(vice, '会議の審議', '完了');
	await act(chief, '審議結果の町長への報告', text('報告', '停止を承認し、復旧後に再開を審議します'));
	await mayorTold(manager, '審議結果の町長への報告');

	// 手順4・5
	await act(officer, '修理・復旧の実施', text('結果', '電源装置を交換し、起動を確認した'));
	await act(officer, '整合性の確認と関係機関への連絡', text('整合性の確認', '照合の結果、差異なし'), call('滋賀県総務部市町振興課', '中村', '了解した'), call('全国センター', '受付', '了解した'));
	await act(chief, '運用再開の承認', pick('承認', '承認する'), text('理由', '復旧と整合性を確認した'));
	await notOffered(officer, '運用の再開'); // on the approval alone
	await notNeeded(chief, '再開のための会議の招集', '会議を継続している');
	await act(officer, '復旧状況の会議への報告', text('報告', '復旧し、整合性を確認した'));
	await act(chief, '会議による運用再開の決定', pick('運用再開の決定', '再開する'), text('議事', '再開を決定'));
	await act(officer, '運用の再開', text('再開の内容', '15時30分に運用を再開した'));
	await allTerminals(terminals, '運用の再開');
	await seen(vice, '運用の再開', '完了');

	// Afterwards
	await act(officer, '再発防止策の検討', followUp('技術面の対策', '障害監視の強化', 'p_tanaka', day(60)), followUp('運用面の対策', '予備装置の確保', 'p_sato', day(90)));
	const mayor = await latecomer(house, 'p_mayor', accepted);
	await confirmAll(mayor);
	await act(chief, '事案の終結', text('終結の所見', '復旧を確認し、終結する'));
	await board.sees('すべて平常');
	await operator.sees('終結');
	await verdict(town, house, accepted, 'fault');
});
