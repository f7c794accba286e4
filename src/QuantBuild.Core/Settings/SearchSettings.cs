namespace QuantBuild.Settings;

/// <summary>What a search may spend, and what the model has to keep, beside the limits of the gate.</summary>
/// <param name="BudgetSeconds">What making and measuring candidates may take, by the table of costs; 0: there is no search.</param>
/// <param name="Method">What proposes candidates.</param>
/// <param name="Seed">Of what is random in that.</param>
internal sealed record SearchSettings(double BudgetSeconds, SearchMethod Method, long Seed = 0);

internal enum SearchMethod
{
    /// <summary>The best choice for all layers by what each does alone, at the accuracy that measurements lead to.</summary>
    Exact,

    /// <summary>Mutations and crossings of the best candidates so far.</summary>
    Evolutionary,
}
