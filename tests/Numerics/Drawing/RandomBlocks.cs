using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>The blocks of a network: drawn where one is first wanted, and used again elsewhere.</summary>
/// <param name="random">What they are drawn with.</param>
/// <param name="prefix">Of their names, which no other network has.</param>
internal sealed class RandomBlocks(RandomNumbers random, string prefix)
{
    private readonly List<Block> _blocks = [];

    /// <summary>The blocks that items use, those inside of others first.</summary>
    public static IEnumerable<Block> UsedBy(IEnumerable<ScopeItem> items) =>
        items.OfType<BlockItem>().SelectMany(item => UsedBy(item.Block.Items).Append(item.Block)).Distinct();

    /// <summary>Uses a block behind what a scope has so far.</summary>
    public bool Use(RandomScope scope, int depth)
    {
        for (int attempts = 0; attempts < 3; attempts++)
        {
            Block block = Reused(depth) ?? Draw(scope.Extents, depth);
            int? repeat = random.Chance(3) ? random.Between(1, 3) : null;
            string? name = random.Below(6) switch
            {
                0 => scope.NewName("stage"),
                1 => $"{scope.NewName("stage")}.1",
                2 when repeat is not null => $"{scope.NewName("unit")}x{{1}}",
                _ => null,
            };
            BlockItem item = new BlockItem(block, Arguments(block)) with { Name = name, Repeat = repeat, Frozen = random.Chance(10) };
            if (scope.Try(item) || scope.Try(item with { Repeat = repeat is null ? null : 1, Arguments = [.. Given(block)] }))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A block that changes no extent but the channels; null where none was drawn.</summary>
    public BlockItem? Keeping(Extents input, int depth)
    {
        for (int attempts = 0; attempts < 3; attempts++)
        {
            Block block = Draw(input, depth);
            var trial = new ScopeUse(input, new Dictionary<string, int>());
            var item = new BlockItem(block, [.. Given(block)]);
            trial.Apply([item]);
            if (trial.Graph.IsValid && trial.Extents with { Channels = input.Channels } == input)
            {
                return item;
            }
        }

        return null;
    }

    private static IEnumerable<Expression> Given(Block block) =>
        block.Parameters.Take(block.Required).Select(parameter => (Expression)parameter.Value);

    /// <summary>One that was drawn before; it must not stand in itself, so that only deeper ones count.</summary>
    private Block? Reused(int depth)
    {
        Block[] finished = [.. _blocks.Where(block => Depth(block) < 2 - depth)];
        return finished.Length > 0 && random.Chance(2) ? random.Pick(finished) : null;
    }

    private static int Depth(Block block) => block.Items.OfType<BlockItem>().Select(item => 1 + Depth(item.Block)).DefaultIfEmpty(0).Max();

    private Block Draw(Extents input, int depth)
    {
        (string Name, int Value)[] all = [("Filters", random.Between(1, 8)), ("Width", random.Between(2, 6)),
            ("Stride", random.Between(1, 2)), ("Percent", random.Pick(0, 25, 50))];
        (string Name, int Value)[] parameters = [all[0], .. all[1..].Where(_ => random.Chance(2))];
        if (random.Chance(6))
        {
            parameters = [];
        }

        (string, Expression)[] computed = parameters.Length > 0 && random.Chance(3)
            ? [("Hidden", new Expression("2 * Filters", v => 2 * v["Filters"]))] : [];
        var block = new Block("", parameters, random.Between(0, Math.Min(parameters.Length, 2)), computed, []);
        var scope = new RandomScope(random, this, new ScopeUse(input, block.Values()), depth + 1);
        int steps = random.Between(1, 3);
        for (int i = 0; i < steps; i++)
        {
            scope.Step();
        }

        if (scope.IsEmpty)
        {
            scope.Add(scope.Layers.Activation());
        }

        block = block with
        {
            Kind = $"{prefix}Block{(char)('A' + (_blocks.Count / 26))}{(char)('A' + (_blocks.Count % 26))}",
            Items = scope.Items
        };
        _blocks.Add(block);
        return block;
    }

    private Expression[] Arguments(Block block)
    {
        int count = random.Between(block.Required, block.Parameters.Length);
        return [.. block.Parameters.Take(count).Select(parameter => (Expression)(random.Chance(2) ? parameter.Value : parameter.Name switch
        {
            "Stride" => random.Between(1, 2),
            "Percent" => random.Pick(0, 25, 50),
            _ => random.Between(1, 9),
        }))];
    }
}
