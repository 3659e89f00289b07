"""Which segments read which others: order of evaluation, and cycles with their path.

>>> levels({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()})
[['d'], ['b', 'c'], ['a']]
>>> find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
['a', 'b', 'c', 'a']
>>> find_cycle({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}) is None
True
"""


def find_cycle(edges):
    """A path that comes back to where it began, or None.

    :param dict edges: node → nodes that it reads; nodes may lack an entry
    :return: list of nodes whose first and last are the same
    """
    done = set()
    for start in edges:
        path = _walk(start, edges, done)
        if path:
            return path
    return None


def _walk(start, edges, done):
    """Depth-first without recursion: chains may be long."""
    path, pending = [], [(start, iter(edges.get(start, ())))]
    on_path = {start}
    path.append(start)
    while pending:
        node, rest = pending[-1]
        following = next((one for one in rest if one not in done), None)
        if following is None:
            done.add(node)
            on_path.discard(node)
            path.pop()
            pending.pop()
        elif following in on_path:
            return [*path[path.index(following) :], following]
        else:
            on_path.add(following)
            path.append(following)
            pending.append((following, iter(edges.get(following, ()))))
    return None


def levels(edges):
    """Nodes in groups, each after everything that it reads.

    :param dict edges: node → nodes that it reads, without a cycle
    :return: list of lists; inside a list the order of ``edges``
    :raises ValueError: if there is a cycle
    """
    waiting = {node: {one for one in read if one in edges} for node, read in edges.items()}
    ordered = []
    while waiting:
        ready = [node for node, read in waiting.items() if not read]
        if not ready:
            raise ValueError("cycle")
        ordered.append(ready)
        for node in ready:
            del waiting[node]
        for read in waiting.values():
            read.difference_update(ready)
    return ordered


def reachable(edges, starts):
    """Everything that reads one of ``starts``, directly or through others; with ``starts``.

    :param dict edges: node → nodes that it reads
    :return: set
    """
    found = set(starts)
    grown = True
    while grown:
        more = {node for node, read in edges.items() if node not in found and read & found}
        found |= more
        grown = bool(more)
    return found
