using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// The types of the runtime that the compiler looks for. They are looked up once for each compilation. A type of the same name in another
/// assembly is not mistaken for one of them.
/// </summary>
internal sealed class KnownSymbols
{
    /// <summary>The name of the attribute that makes a class a network.</summary>
    public const string NetworkAttributeName = "Strata.NetworkAttribute";

    /// <summary>The name of the base class of every network.</summary>
    public const string NetworkName = "Strata.CompiledNetwork";

    private static readonly ConditionalWeakTable<Compilation, KnownSymbols> Cached = new();

    private readonly INamedTypeSymbol? _networkAttribute, _network, _options, _input, _sizes, _budget, _block, _layersOf, _trainer;
    private readonly INamedTypeSymbol? _elementwise, _elementwiseLoss, _trained, _functions, _mathF, _math;
    private readonly INamedTypeSymbol?[] _stackBases;

    private KnownSymbols(Compilation compilation)
    {
        _networkAttribute = compilation.GetTypeByMetadataName(NetworkAttributeName);
        _network = compilation.GetTypeByMetadataName(NetworkName);
        _options = compilation.GetTypeByMetadataName("Strata.NetworkOptions");
        _input = compilation.GetTypeByMetadataName("Strata.InputAttribute");
        _sizes = compilation.GetTypeByMetadataName("Strata.SizesAttribute");
        _budget = compilation.GetTypeByMetadataName("Strata.BudgetAttribute");
        _block = compilation.GetTypeByMetadataName("Strata.BlockAttribute");
        _layersOf = compilation.GetTypeByMetadataName("Strata.LayersOfAttribute");
        _trainer = compilation.GetTypeByMetadataName("Strata.Training.Trainer");
        _elementwise = compilation.GetTypeByMetadataName("Strata.ElementwiseAttribute");
        _elementwiseLoss = compilation.GetTypeByMetadataName("Strata.ElementwiseLossAttribute");
        _trained = compilation.GetTypeByMetadataName("Strata.TrainedAttribute");
        _stackBases =
        [
            compilation.GetTypeByMetadataName("Strata.LayerAttribute"),
            compilation.GetTypeByMetadataName("Strata.LossAttribute"),
            compilation.GetTypeByMetadataName("Strata.StructureAttribute"),
        ];

        // If the project has a class of the same name, C# means that one.
        INamedTypeSymbol? Referenced(string name) => compilation.GetTypesByMetadataName(name).FirstOrDefault(
            type => type.DeclaredAccessibility == Accessibility.Public
                && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly));
        (_functions, _mathF, _math) = (Referenced("Strata.Functions"), Referenced("System.MathF"), Referenced("System.Math"));
    }

    /// <summary>The base class of every network.</summary>
    public INamedTypeSymbol? Network => _network;

    public static KnownSymbols Of(Compilation compilation) => Cached.GetValue(compilation, static known => new KnownSymbols(known));

    /// <summary>Whether an attribute is [Network].</summary>
    public bool IsNetworkAttribute(ITypeSymbol? type) => Is(type, _networkAttribute);

    /// <summary>Whether a class is the base class of networks.</summary>
    public bool IsNetwork(ITypeSymbol? type) => Is(type, _network);

    /// <summary>Whether a type is that of the options that constructors take.</summary>
    public bool IsOptions(ITypeSymbol type) => Is(type, _options);

    /// <summary>Whether an attribute is [Input].</summary>
    public bool IsInput(ITypeSymbol? type) => Is(type, _input);

    /// <summary>Whether an attribute belongs to one network alone, and not to its layers: [Input], its sizes, or a budget.</summary>
    public bool IsOfNetwork(ITypeSymbol? type) => IsInput(type) || Is(type, _sizes) || Is(type, _budget);

    /// <summary>Whether a class is the base class of trainers.</summary>
    public bool IsTrainer(ITypeSymbol type) => Is(type, _trainer);

    /// <summary>Whether an attribute is [LayersOf], whose layers are those of another network.</summary>
    public bool IsLayersOf(ITypeSymbol type) => Is(type, _layersOf);

    /// <summary>Whether a class is a block: an attribute class that has layers of its own.</summary>
    public bool IsBlock(INamedTypeSymbol type) => DerivesFrom(type, _block);

    /// <summary>Whether a class is an elementwise operator that a user declares.</summary>
    public bool IsElementwise(INamedTypeSymbol type) => DerivesFrom(type, _elementwise);

    /// <summary>Whether a class is an elementwise loss that a user declares.</summary>
    public bool IsElementwiseLoss(INamedTypeSymbol type) => DerivesFrom(type, _elementwiseLoss);

    /// <summary>Whether an attribute is [Trained].</summary>
    public bool IsTrained(ITypeSymbol? type) => Is(type, _trained);

    /// <summary>
    /// Whether an attribute belongs to the network language: the input, a layer, a block, a loss, or what connects layers.
    /// </summary>
    public bool IsStackAttribute(INamedTypeSymbol type) => IsInput(type) || _stackBases.Any(known => DerivesFrom(type, known));

    /// <summary>
    /// The short name of a class whose methods an operator may call, see <see cref="FormulaFunctions"/>; null if it is another class.
    /// </summary>
    public string? FunctionsOf(INamedTypeSymbol type) =>
        type.SpecialType == SpecialType.System_Single ? FormulaFunctions.Float
        : type.SpecialType == SpecialType.System_Double ? FormulaFunctions.Double
        : Is(type, _mathF) ? FormulaFunctions.MathF
        : Is(type, _math) ? FormulaFunctions.Math
        : Is(type, _functions) ? FormulaFunctions.Strata
        : null;

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol? known)
    {
        for (INamedTypeSymbol? ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (Is(ancestor, known))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ITypeSymbol? type, INamedTypeSymbol? known) =>
        known is not null && SymbolEqualityComparer.Default.Equals(type, known);
}
