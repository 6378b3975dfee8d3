namespace Strata.Weights;

/// <summary>The names that a pickle may use.</summary>
internal interface IPickleVocabulary
{
    /// <summary>What stands for a name; null if the pickle may not use it.</summary>
    /// <param name="name">The name with its module: <c>collections.OrderedDict</c>.</param>
    object? Find(string name);

    /// <summary>What a persistent id stands for, which means something outside of the pickle.</summary>
    object Resolve(object? id);
}
