/* What axe-core finds against WCAG 2.1 A and AA, grave findings only. */
async () => {
    const { violations } = await axe.run(document, {
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    });
    const message = ({ any, all, none }) => ([...any, ...all, ...none][0] || { message: "" }).message;
    return violations
        .filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, nodes }) => ({
            rule: id,
            nodes: nodes.map((node) => [node.html.slice(0, 240), message(node)]),
        }));
}
