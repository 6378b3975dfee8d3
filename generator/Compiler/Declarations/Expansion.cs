using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Expands the blocks of a declaration: each use becomes the layers of its block, with the values that their arguments have there
/// and with names of their own.
/// </summary>
internal sealed class Expansion
{
    /// <summary>
    /// The limit of layers, blocks and branches. Inputs, outputs and losses inside of blocks count, too, since they multiply with their
    /// blocks. The deepest of the well-known networks, ResNet-1001, has 4,700 items. The generator takes one or two milliseconds for each
    /// as long as kernels are alike; memory and the compiler's time grow likewise. So it takes seconds at most, and an editor stays usable.
    /// Items are counted while they are added, because blocks that use blocks multiply.
    /// </summary>
    public const int MostItems = 5_000;

    /// <summary>The limit of nested blocks. Each level takes some stack in every stage.</summary>
    public const int MostNested = 100;

    /// <summary>The arguments that every block has. All others are parameters of the block itself.</summary>
    private static readonly string[] BlockArguments = [.. CommonArguments.OfLayers.Select(argument => argument.Name), "Repeat"];

    private readonly Dictionary<string, BlockDeclaration> _blocks;
    private readonly OperatorSet _operators;
    private readonly ProblemLog _problems;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>The uses of blocks around the current layer.</summary>
    private readonly Stack<(Site Site, string Label, int Repeat)> _uses = [];

    /// <summary>The items at which [LayersOf] stops, for each network whose layers are being taken, outermost first.</summary>
    private readonly List<Cut> _cuts = [];
    private int _items;

    /// <summary>The last report that there are too many items.</summary>
    private ProblemKey? _tooMany;

    /// <summary>
    /// Whether an attribute that the compiler refuses becomes a layer of which nothing is known. Otherwise its known arguments are used.
    /// </summary>
    private readonly bool _reportsBindingErrors;

    private Expansion(
        NetworkDeclaration declaration, ProblemLog problems, bool reportsBindingErrors, CancellationToken cancellationToken)
    {
        _reportsBindingErrors = reportsBindingErrors;
        _operators = declaration.Operators;
        _blocks = declaration.Blocks.ToDictionary(block => block.Key, StringComparer.Ordinal);
        (_problems, _cancellationToken) = (problems, cancellationToken);
    }

    /// <summary>The whole stack of a network.</summary>
    /// <param name="reportsBindingErrors">
    /// Whether attributes that the compiler refuses are reported. Then unknown layers are kept, too.
    /// </param>
    public static StackBlock Expand(
        NetworkDeclaration declaration, ProblemLog problems, CancellationToken cancellationToken, bool reportsBindingErrors = false)
    {
        var expansion = new Expansion(declaration, problems, reportsBindingErrors, cancellationToken);
        var network = new StackBlock(
            Site.Class, new AttributeDeclaration(AttributeDeclaration.BuiltInType("Network"), EquatableArray<AttributeArgument>.Empty),
            null, "");
        expansion.Expand(declaration.Attributes, network, new ScopeNames(), ConstantEvaluator.None, i => new Site(i, ""));
        NameCheck.Run(network, declaration, problems);
        return network;
    }

    private void Expand(
        EquatableArray<AttributeDeclaration> attributes, StackBlock scope, ScopeNames names, ConstantEvaluator constants,
        Func<int, Site> siteOf)
    {
        for (int i = 0; i < attributes.Count; i++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            AttributeDeclaration declared = attributes[i];
            if (declared.IsUnknown && !_reportsBindingErrors)
            {
                continue;
            }

            Site site = siteOf(i);
            bool isLayer = declared.Block is not null
                || _operators.Find(declared.Type) is not (Compiler.Operators.Input or Compiler.Operators.Sizes or Budget or Output
                    or Sequential or LossOperator or ExternalLoss);
            if ((isLayer || _uses.Count > 0) && !Count(site, $"[{declared.Kind}]"))
            {
                return;
            }

            AttributeDeclaration attribute = ParameterBinding.Evaluate(
                declared, constants, out List<(string Argument, ConstantException Reason)> failures);
            string? name = attribute.Find(CommonArguments.Name.Name) as string;
            Problem[]? refusals = !_reportsBindingErrors || declared.IsBound ? null
                : [.. declared.BindingErrors.Select(error => error with { Site = site.At(error.Site.Argument) })];
            ProblemKey? brokenBy = refusals is not null ? refusals.FirstOrDefault()?.Key ?? BindingProblems.OfTheCompiler(site)
                : failures.Count > 0 ? BlockProblems.WithoutValueKey(site.At(failures[0].Argument), failures[0].Reason) : null;
            int before = _problems.Count;
            if (declared.Block is { } key)
            {
                bool isRepeated = declared.Arguments.Any(argument => argument.Name == "Repeat");
                ExpandBlock(new BlockUse(key, attribute, site, scope, names, isRepeated), brokenBy);
            }
            else
            {
                ExpandLayer(attribute, site, scope, names, name, brokenBy);
            }

            if (refusals is not null)
            {
                _problems.Link(before, brokenBy!.Value);
                _problems.AddRange(refusals);
            }

            foreach ((string argument, ConstantException reason) in failures)
            {
                string label = scope.Items.Count > 0 ? scope.Items[scope.Items.Count - 1].Label : $"[{attribute.Kind}]";
                _problems.Add(BlockProblems.WithoutValue(new Subject(site.At(argument), label), argument, reason));
            }

            if (IsCut)
            {
                return;
            }
        }
    }

    private void ExpandLayer(
        AttributeDeclaration attribute, Site site, StackBlock scope, ScopeNames names, string? name, ProblemKey? brokenBy)
    {
        Operator? known = _operators.Find(attribute.Type);
        if (known is IDeclared declared)
        {
            string label = $"{attribute.Kind}{(name is null ? "" : $" '{scope.Prefix}{name}'")}";
            int before = _problems.Count;
            known = BindOperator(declared, ref attribute, new Subject(site, label)) ?? known;
            brokenBy ??= ReferenceEquals(known, declared) ? _problems.FirstErrorSince(before) : null;
        }

        switch (known)
        {
            case Sequential:
                names.Begin(attribute.Find(Sequential.NameArgument.Name) as string ?? "");
                break;

            case Compiler.Operators.Sizes when _uses.Count > 0:
                _problems.Add(ArgumentProblems.Unsupported(
                    new Subject(site, attribute.Kind), "a block has no input of its own", "Put it on the network"));
                break;

            case Budget when _uses.Count > 0:
                _problems.Add(ArgumentProblems.Unsupported(
                    new Subject(site, attribute.Kind), "a block has no budget of its own", "Put it on the network"));
                break;

            case Compiler.Operators.Sizes or Budget:
                break;

            case Compiler.Operators.Input:
                scope.Items.Add(
                    new StackLayer(site, attribute, scope, name is null ? "" : scope.Prefix + name, known) { BrokenBy = brokenBy });
                break;

            case Shortcut:
                string shortcut = scope.Prefix + names.Next(name, Shortcut.Stem);
                if (!CutsAt(shortcut, names))
                {
                    scope.Items.Add(ExpandShortcut(attribute, site, scope, shortcut, brokenBy));
                }

                break;

            case LayerOperator layer:
                string own = scope.Prefix + names.Next(name, layer.Stem, isModule: !layer.JoinsBranches);
                if (!CutsAt(own, names))
                {
                    scope.Items.Add(new StackLayer(site, attribute, scope, own, layer) { BrokenBy = brokenBy });
                }

                break;

            default:
                scope.Items.Add(new StackLayer(site, attribute, scope, "", known) { BrokenBy = brokenBy });
                break;
        }
    }

    /// <summary>
    /// A declared operator with the values of its constants at one use. If there is none, this is reported, and the result is null.
    /// </summary>
    private Operator? BindOperator(IDeclared declared, ref AttributeDeclaration attribute, Subject subject)
    {
        DeclaredOperator declaration = declared.Declaration;
        if (declaration.Refusal is { } refusal)
        {
            _problems.Add(BlockProblems.Foreign(subject, refusal));
            return null;
        }

        int before = _problems.Count;
        ConstantEvaluator constants = ParameterBinding.Bind(
            declaration.Constants, false, declared.OwnArguments, attribute, subject, _problems);

        // Arguments that are left out do not belong to this use.
        attribute = attribute with { Arguments = attribute.Arguments.Where(argument => !argument.IsDefault).ToEquatableArray() };
        if (declaration.Value is null)
        {
            _problems.Add(BlockProblems.OperatorWithMistakes(subject, declaration.Key));
        }

        if (_problems.Count > before)
        {
            return null;
        }

        IEnumerable<ConstantExpression> read = declaration.Numbers
            .Concat(declaration.Trained.Select(trained => new ConstantReference(trained.Name)));
        _problems.AddRange(UnreadArguments.OfUse(attribute, subject, declared.OwnArguments, read, declaration.Constants));
        try
        {
            string identifier = DeclaredUse.IdentifierOf(
                declaration, _operators.IsAmbiguous(declaration.Kind),
                attribute.Arguments.Where(argument => !declared.OwnArguments.Contains(argument.Name)).Select(argument => argument.Value));
            return DeclaredUse.OperatorOf(declaration, DeclaredUse.Evaluate(declaration, constants, identifier));
        }
        catch (ConstantException exception)
        {
            _problems.Add(BlockProblems.WithoutValue(subject, "a number of its formula", exception));
            return null;
        }
    }

    /// <summary>A shortcut becomes two layers, or none if the input already has the right shape.</summary>
    private static StackBlock ExpandShortcut(
        AttributeDeclaration attribute, Site site, StackBlock scope, string name, ProblemKey? brokenBy)
    {
        var block = new StackBlock(site, attribute, scope, name)
        {
            BrokenBy = brokenBy,
            ShortcutFilters = attribute.Find(Shortcut.Filters.Name) as int? ?? 0,
        };
        AttributeArgument[] window =
        [
            .. attribute.Arguments.Where(argument => argument.Name == Shortcut.Filters.Name || argument.Name == Shortcut.Stride.Name),
            new AttributeArgument("kernel", 1), new AttributeArgument("Bias", false),
        ];
        StackLayer Part(string kind, EquatableArray<AttributeArgument> arguments, string part) => new(
            site, new AttributeDeclaration(AttributeDeclaration.BuiltInType(kind), arguments), block, name + part,
            OperatorSet.FindBuiltIn(kind));
        block.Items.Add(Part("Conv2D", window.ToEquatableArray(), ".0"));
        block.Items.Add(Part("BatchNorm", EquatableArray<AttributeArgument>.Empty, ".1"));
        return block;
    }

    private void ExpandBlock(BlockUse use, ProblemKey? brokenBy)
    {
        (AttributeDeclaration attribute, Site site, StackBlock scope) = (use.Attribute, use.Site, use.Scope);
        string first = use.NextName(0), label = first.Length > 0 ? $"{attribute.Kind} '{first}'" : $"[{attribute.Kind}]";
        var subject = new Subject(site, label);
        if (WhyNot(use, subject) is { } refusal)
        {
            _problems.Add(refusal);
            scope.Items.Add(new StackBlock(site, attribute, scope, first) { BrokenBy = refusal.Key });
            return;
        }

        BlockDeclaration block = _blocks[use.Key];
        int repeat = RepeatOf(attribute, subject, ref brokenBy);
        if (repeat == 0)
        {
            use.Names.TakeBack(first);
            return;
        }

        int problemsBefore = _problems.Count;
        ConstantEvaluator constants = use.IsLayersOf
            ? new ConstantEvaluator(block.Constants, new Dictionary<string, object?>())
            : ParameterBinding.Bind(block.Constants, block.IsCompiled, BlockArguments, attribute, subject, _problems);
        brokenBy ??= _problems.FirstErrorSince(problemsBefore);
        WarnOfUnread(use, block, subject);
        (int itemsBefore, int partsBefore) = (_items, scope.Items.Count);
        _open.Add(use.Key);
        _uses.Push((site, label, repeat));
        for (int copy = 0; copy < repeat && !IsCut && (copy == 0 || Count(site, label)); copy++)
        {
            string own = copy == 0 ? first : use.NextName(copy);
            if (CutsAt(own, use.Names))
            {
                break;
            }

            var written = new StackBlock(site, attribute, scope, own)
            {
                BrokenBy = brokenBy,
                IsRepeated = copy > 0,
                Alias = use.IsRepeated && copy == repeat - 1 && use.Name is { Length: > 0 } name ? scope.Prefix + name : "",
            };
            scope.Items.Add(written);
            ExpandCopy(use, block, written, constants, subject);
        }

        _open.Remove(use.Key);
        _uses.Pop();
        if (_items > MostItems && _uses.Count == 0)
        {
            // A mistyped Repeat must not add thousands of members. The items after it are read as usual.
            scope.Items.RemoveRange(partsBefore, scope.Items.Count - partsBefore);
            scope.Items.Add(new StackBlock(site, attribute, scope, first) { BrokenBy = _tooMany });
            _items = itemsBefore;
        }
    }

    /// <summary>How many copies a use writes; 1 if it says a number that cannot be.</summary>
    private int RepeatOf(AttributeDeclaration attribute, Subject subject, ref ProblemKey? brokenBy)
    {
        int repeat = attribute.Find("Repeat") as int? ?? 1;
        if (repeat >= 0)
        {
            return repeat;
        }

        Problem wrong = ArgumentProblems.OutOfRange(subject.At("Repeat"), "Repeat", repeat, "at least 0");
        _problems.Add(wrong);
        brokenBy ??= wrong.Key;
        return 1;
    }

    /// <summary>Warns of arguments whose constants nothing in the block reads.</summary>
    private void WarnOfUnread(BlockUse use, BlockDeclaration block, Subject subject)
    {
        if (!use.IsLayersOf && !block.IsCompiled && !_reportsBindingErrors)
        {
            IEnumerable<ConstantExpression> read = block.Attributes.SelectMany(inner => inner.Arguments)
                .Where(argument => !argument.IsDefault).Select(argument => argument.Value).OfType<ConstantExpression>();
            _problems.AddRange(UnreadArguments.OfUse(use.Attribute, subject, BlockArguments, read, block.Constants));
        }
    }

    /// <summary>The reason why a block cannot be expanded; null if it can.</summary>
    private Problem? WhyNot(BlockUse use, Subject subject)
    {
        if (!_blocks.TryGetValue(use.Key, out BlockDeclaration block))
        {
            return ArgumentProblems.Unsupported(subject.At(LayersOf.Network.Name), "it needs a class with layers", "Write typeof(…)");
        }

        if (block.Refusal is { } refusal)
        {
            return BlockProblems.Foreign(subject, refusal);
        }

        if (_uses.Count >= MostNested)
        {
            return BlockProblems.TooManyLayers(subject, MostNested, "blocks inside one another", "Put the layers into fewer blocks");
        }

        return !_open.Contains(use.Key) ? null : BlockProblems.InsideItself(
            subject,
            string.Join(" → ", _open.Append(use.Key).Select(open => $"'{open.Substring(open.LastIndexOf('.') + 1)}'")),
            use.IsLayersOf ? "Take the layers of another network" : "Write the repetition as Repeat");
    }

    /// <summary>Adds the layers of one copy of a block.</summary>
    private void ExpandCopy(BlockUse use, BlockDeclaration block, StackBlock written, ConstantEvaluator constants, Subject subject)
    {
        int before = _problems.Count;
        ScopeNames inner = written.Name.Length > 0 ? new ScopeNames() : use.Names;
        Cut? cut = use.IsLayersOf && use.Attribute.Find(LayersOf.Until.Name) is string until ? new Cut(written.Prefix, until) : null;
        _cuts.AddRange(cut is null ? [] : [cut]);
        using (inner.Enter())
        {
            Expand(block.Attributes, written, inner, constants, i => use.Site.Then(use.Key, i));
        }

        if (cut is not null)
        {
            _cuts.Remove(cut);
            if (!cut.IsReached && !IsCut && _items <= MostItems)
            {
                _problems.Add(TensorNames.Unknown(
                    subject.At(LayersOf.Until.Name), cut.Name,
                    TensorNames.Names(written).Select(candidate => candidate.Substring(written.Prefix.Length))));
            }
        }

        for (int i = block.OwnCount; i < block.Attributes.Count; i++)
        {
            _problems.Add(ClassProblems.TwoParts(
                use.Site.Then(use.Key, i), block.Attributes[i].Kind, use.Key.Substring(use.Key.LastIndexOf('.') + 1),
                block.Attributes[0].Kind));
        }

        if (written.BrokenBy is { } cause)
        {
            // If arguments have no values, nothing is known about the layers. They only get their members.
            _problems.Link(before, cause);
        }

        if (written.IsRepeated)
        {
            _problems.LinkCopy(before);
        }
    }

    /// <summary>
    /// Counts one more item. If there are too many, this is reported once, at the surrounding use with the largest Repeat.
    /// </summary>
    private bool Count(Site site, string label)
    {
        if (++_items != MostItems + 1)
        {
            return _items <= MostItems;
        }

        (Site Site, string Label, int Repeat) most = _uses.Reverse().Append((Site: site, Label: label, Repeat: 0))
            .OrderByDescending(use => use.Repeat).First();
        var subject = new Subject(most.Site, most.Label);
        Problem problem = BlockProblems.TooManyLayers(
            most.Repeat > 1 ? subject.At("Repeat") : subject, MostItems, "layers, blocks and branches",
            most.Repeat > 1 ? "Reduce Repeat" : "Use fewer");
        _problems.Add(problem);
        _tooMany = problem.Key;
        return false;
    }

    /// <summary>Whether an item at which [LayersOf] stops has been reached. Then the rest is left out.</summary>
    private bool IsCut => _cuts.Exists(cut => cut.IsReached);

    /// <summary>Whether [LayersOf] stops before an item. The item's number is then free again.</summary>
    private bool CutsAt(string name, ScopeNames names)
    {
        if (name.Length == 0 || _cuts.Find(cut => cut.Matches(name)) is not { } reached)
        {
            return false;
        }

        reached.IsReached = true;
        names.TakeBack(name);
        return true;
    }

    /// <summary>
    /// The name of a copy: layer1 gives layer1.0, layer1.1, …; layer2.1 gives layer2.1, layer2.2, …; layer{1} gives layer1, ….
    /// </summary>
    private static string? Numbered(string? name, int copy)
    {
        if (name is null)
        {
            return null;
        }

        int open = name.LastIndexOf('{'), close = name.LastIndexOf('}'), dot = name.LastIndexOf('.');
        string Count(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int start)
            ? ((long)start + copy).ToString(CultureInfo.InvariantCulture)
            : "";
        if (open >= 0 && close > open && Count(name.Substring(open + 1, close - open - 1)) is { Length: > 0 } counted)
        {
            return name.Substring(0, open) + counted + name.Substring(close + 1);
        }

        return Count(name.Substring(dot + 1)) is { Length: > 0 } next
            ? name.Substring(0, dot + 1) + next
            : name + "." + copy.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A use of a block, and the scope to which its copies are added.</summary>
    /// <param name="IsRepeated">Whether Repeat is written, even as 1. Then the copies are numbered.</param>
    private sealed record BlockUse(string Key, AttributeDeclaration Attribute, Site Site, StackBlock Scope,
        ScopeNames Names, bool IsRepeated)
    {
        /// <summary>Whether it takes the layers of another network.</summary>
        public bool IsLayersOf => Attribute.Kind == LayersOf.Name;

        /// <summary>
        /// The name that the user gives it. Null if it is named after its class, and empty if its layers belong to the scope itself.
        /// </summary>
        public string? Name => Attribute.Find("Name") as string ?? (IsLayersOf ? "" : null);

        /// <summary>Gives a copy its full name, and marks the name as taken.</summary>
        public string NextName(int copy)
        {
            string kind = Attribute.Kind, stem = kind.Length == 0 ? "block" : char.ToLowerInvariant(kind[0]) + kind.Substring(1);
            return Name is { Length: 0 } ? "" : Scope.Prefix + Names.Next(IsRepeated ? Numbered(Name, copy) : Name, stem, isModule: true);
        }
    }

    /// <summary>The item before which [LayersOf] stops.</summary>
    /// <param name="prefix">How the keys of the taken layers begin.</param>
    /// <param name="name">The name of a layer, a block, or a sequence.</param>
    private sealed class Cut(string prefix, string name)
    {
        public string Name { get; } = name;

        public bool IsReached { get; set; }

        public bool Matches(string key) => key == prefix + Name || key.StartsWith(prefix + Name + ".", StringComparison.Ordinal);
    }
}
