/* Hides the trie: nodes in one array, edges in one hash table, so that a hundred thousand patterns take megabytes. */
#include "audits/boundary/automaton.h"

#define NO_VALUE UINT32_MAX
#define NODES_MAX (1u << 24)

struct node {
    uint32_t parent, depth;
    uint32_t fail;   /* the longest proper suffix that is a node too */
    uint32_t output; /* nearest node on the way of fails, itself included, at which a pattern ends; 0: none */
    uint32_t ends;   /* first of the patterns that end here */
    uint8_t byte;
};
struct ending { /* patterns that end at one node are a list */
    uint32_t value, next;
};
struct edge {
    uint64_t key; /* (node << 8 | byte) + 1; 0: free */
    uint32_t to;
};
struct automaton {
    enum automaton_case letters;
    uint32_t node_count, node_room;
    struct node *nodes; /* 0: the root */
    uint32_t ending_count, ending_room;
    struct ending *endings;
    size_t edge_room; /* a power of two */
    struct edge *edges;
    uint32_t at_root[256]; /* most bytes of a text are seen from here */
};

static uint8_t letter(const struct automaton *automaton, uint8_t byte)
{
    return automaton->letters == AUTOMATON_FOLDED && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

/* --- edges --- */

static struct edge *edge_slot(struct edge *edges, size_t room, uint64_t key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15ull) >> 20) & (room - 1);
    while (edges[at].key && edges[at].key != key)
        at = (at + 1) & (room - 1);
    return &edges[at];
}

static uint64_t edge_key(uint32_t node, uint8_t byte)
{
    return ((uint64_t)node << 8 | byte) + 1;
}

/* 0: there is no such edge. */
static uint32_t edge_to(const struct automaton *automaton, uint32_t node, uint8_t byte)
{
    if (node == 0)
        return automaton->at_root[byte];
    return edge_slot(automaton->edges, automaton->edge_room, edge_key(node, byte))->to;
}

static enum status edges_grow(struct automaton *automaton)
{
    size_t room = automaton->edge_room * 2;
    struct edge *larger = mem_new(room, sizeof *larger);
    if (!larger)
        return ERR_MEMORY;
    for (size_t i = 0; i < automaton->edge_room; i++)
        if (automaton->edges[i].key)
            *edge_slot(larger, room, automaton->edges[i].key) = automaton->edges[i];
    mem_free(automaton->edges);
    automaton->edges = larger;
    automaton->edge_room = room;
    return OK;
}

/* --- building --- */

enum status automaton_new(enum automaton_case letters, struct automaton **out)
{
    struct automaton *automaton = mem_new(1, sizeof *automaton);
    *out = NULL;
    if (!automaton)
        return ERR_MEMORY;
    *automaton = (struct automaton){.letters = letters, .node_count = 1, .node_room = 1024, .edge_room = 2048};
    automaton->nodes = mem_new(automaton->node_room, sizeof *automaton->nodes);
    automaton->edges = mem_new(automaton->edge_room, sizeof *automaton->edges);
    if (!automaton->nodes || !automaton->edges) {
        automaton_free(automaton);
        return ERR_MEMORY;
    }
    automaton->nodes[0].ends = NO_VALUE;
    *out = automaton;
    return OK;
}

void automaton_free(struct automaton *automaton)
{
    if (!automaton)
        return;
    mem_free(automaton->nodes);
    mem_free(automaton->edges);
    mem_free(automaton->endings);
    mem_free(automaton);
}

static enum status node_add(struct automaton *automaton, uint32_t parent, uint8_t byte, uint32_t *out)
{
    if (automaton->node_count >= NODES_MAX)
        return ERR_TOO_LARGE;
    if (automaton->node_count == automaton->node_room) {
        struct node *grown = mem_grow(automaton->nodes, automaton->node_room, automaton->node_room * 2u, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        automaton->nodes = grown;
        automaton->node_room *= 2;
    }
    if ((size_t)automaton->node_count * 2 >= automaton->edge_room)
        TRY(edges_grow(automaton));
    uint32_t node = automaton->node_count++;
    uint32_t depth = automaton->nodes[parent].depth + 1;
    automaton->nodes[node] = (struct node){.parent = parent, .depth = depth, .byte = byte, .ends = NO_VALUE};
    if (parent == 0)
        automaton->at_root[byte] = node;
    else
        *edge_slot(automaton->edges, automaton->edge_room, edge_key(parent, byte)) =
            (struct edge){edge_key(parent, byte), node};
    *out = node;
    return OK;
}

static enum status ending_add(struct automaton *automaton, uint32_t node, uint32_t value)
{
    if (automaton->ending_count == automaton->ending_room) {
        uint32_t room = automaton->ending_room ? automaton->ending_room * 2 : 64;
        struct ending *grown = mem_grow(automaton->endings, automaton->ending_room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        automaton->endings = grown;
        automaton->ending_room = room;
    }
    automaton->endings[automaton->ending_count] = (struct ending){value, automaton->nodes[node].ends};
    automaton->nodes[node].ends = automaton->ending_count++;
    return OK;
}

enum status automaton_add(struct automaton *automaton, struct bytes pattern, uint32_t value)
{
    uint32_t node = 0;
    for (size_t i = 0; i < pattern.size; i++) {
        uint8_t byte = letter(automaton, pattern.data[i]);
        uint32_t next = edge_to(automaton, node, byte);
        if (next == 0)
            TRY(node_add(automaton, node, byte, &next));
        node = next;
    }
    for (uint32_t at = automaton->nodes[node].ends; at != NO_VALUE; at = automaton->endings[at].next)
        if (automaton->endings[at].value == value)
            return OK;
    return ending_add(automaton, node, value);
}

/* The state after `byte` in `node`. */
static uint32_t step(const struct automaton *automaton, uint32_t node, uint8_t byte)
{
    uint32_t next;
    while ((next = edge_to(automaton, node, byte)) == 0 && node != 0)
        node = automaton->nodes[node].fail;
    return next;
}

static void link_node(struct automaton *automaton, uint32_t at)
{
    struct node *node = &automaton->nodes[at];
    node->fail = node->parent == 0 ? 0 : step(automaton, automaton->nodes[node->parent].fail, node->byte);
    node->output = node->ends != NO_VALUE ? at : automaton->nodes[node->fail].output;
}

/* Nodes in the order of their depth (a counting sort): a fail is always nearer to the root. */
enum status automaton_ready(struct automaton *automaton)
{
    uint32_t deepest = 0;
    for (uint32_t i = 0; i < automaton->node_count; i++)
        deepest = automaton->nodes[i].depth > deepest ? automaton->nodes[i].depth : deepest;
    SCOPED_MEM uint32_t *starts = mem_new((size_t)deepest + 2, sizeof *starts);
    SCOPED_MEM uint32_t *order = mem_new(automaton->node_count, sizeof *order);
    if (!starts || !order)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < automaton->node_count; i++)
        starts[automaton->nodes[i].depth + 1]++;
    for (uint32_t d = 1; d <= deepest + 1; d++)
        starts[d] += starts[d - 1];
    for (uint32_t i = 0; i < automaton->node_count; i++)
        order[starts[automaton->nodes[i].depth]++] = i;
    for (uint32_t i = 1; i < automaton->node_count; i++)
        link_node(automaton, order[i]);
    return OK;
}

/* --- searching --- */

static void mark(const struct automaton *automaton, uint32_t node, bool *found)
{
    for (uint32_t at = automaton->nodes[node].output; at != 0; at = automaton->nodes[automaton->nodes[at].fail].output)
        for (uint32_t end = automaton->nodes[at].ends; end != NO_VALUE; end = automaton->endings[end].next)
            found[automaton->endings[end].value] = true;
}

void automaton_find(const struct automaton *automaton, struct bytes text, bool *found)
{
    uint32_t node = 0;
    for (size_t i = 0; i < text.size; i++) {
        node = step(automaton, node, letter(automaton, text.data[i]));
        if (automaton->nodes[node].output != 0)
            mark(automaton, node, found);
    }
}
