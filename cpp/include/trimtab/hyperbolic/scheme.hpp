#pragma once

#include <trimtab/core/error.hpp>
#include <trimtab/core/grid.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/hyperbolic/block.hpp>
#include <trimtab/hyperbolic/boundary.hpp>
#include <trimtab/hyperbolic/class_map.hpp>
#include <trimtab/hyperbolic/dual.hpp>
#include <trimtab/hyperbolic/options.hpp>
#include <trimtab/steer/decisions.hpp>
#include <trimtab/steer/step_control.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// @file scheme.hpp
/// The A-WENO scheme for any Law on a uniform one-dimensional grid, in SSP-RK3, with its smoothness switch.

namespace trimtab::hyperbolic {

/// Point values at the centers x_j = lower + (j + 1/2) dx of n cells, advanced in time.
///
/// Memory: three copies of the state (six with Indicator::dual), two more with a source, and 11 bytes per cell.
template <Law L>
class Scheme {
 public:
  using Real = typename L::Real;
  static constexpr int n_vars = L::n_vars;
  static_assert(n_vars <= max_vars);

  /// @throws std::invalid_argument naming the option that is out of range
  Scheme(L law, std::int64_t n, double lower, double upper, const SchemeOptions& options)
      : law_(law),
        n_(n),
        dx_((upper - lower) / static_cast<double>(n)),
        options_(checked(options)),
        boundaries_(n, options.sides),
        classes_(n, options.classes),
        cfl_(options.cfl) {
    stride_ = (n + 2 * halo + 7) / 8 * 8 + 8;
    for (auto& field : state_) field.assign(static_cast<std::size_t>(stride_) * n_vars, Real(0));
    if (adapts() && options.indicator == Indicator::dual) twin_.emplace(n, stride_);
    if (options.source) {
      source_u_.resize(static_cast<std::size_t>(n) * n_vars);
      source_.resize(static_cast<std::size_t>(n) * n_vars);
    }
  }

  std::int64_t size() const { return n_; }
  const steer::Decisions& decisions() const { return decisions_; }

  /// Starts anew at time t from values in the given form, n_vars x n row-major. The classes come from a dry step.
  /// @throws std::invalid_argument for values that are not finite or not admissible, naming the cell
  void set(const double* values, double t, Form form) {
    double least[2] = {HUGE_VAL, HUGE_VAL};
    for (std::int64_t j = 0; j < n_; ++j) {
      auto u = make_state<Real, n_vars>([&](int k) { return Real(values[k * n_ + j]); });
      if (form == Form::primitive) u = law_.conservative(u);
      put(u, j);
      if constexpr (L::n_positive > 0)
        for (int q = 0; q < L::n_positive; ++q) least[q] = std::min(least[q], double(law_.positive(u)[q]));
    }
    for (int q = 0; q < L::n_positive; ++q) floor_[q] = Real(1e-13 * least[q]);
    t_ = t;
    cfl_.steps = 0;
    decisions_ = steer::Decisions(decisions_.columns());
    set_scale();
    rate_ = rate_at(fastest_cell());
    classes_.fill(Class::smooth);
    if (adapts() && rate_ > 0) classify_dry();
  }

  /// Conserved values, n_vars x n row-major.
  void conservative(double* out) const {
    for (int k = 0; k < n_vars; ++k) std::copy_n(row(0)[k], n_, out + k * n_);
  }

  /// Primitive values, n_vars x n row-major.
  void primitive(double* out) const {
    for (std::int64_t j = 0; j < n_; ++j) {
      const auto w = law_.primitive(cell(row(0), j));
      for (int k = 0; k < n_vars; ++k) out[k * n_ + j] = w[k];
    }
  }

  /// Class of each cell in the next step.
  const Class* classes() const { return classes_.cells(); }

  /// Larger defect of each cell in the last step.
  const Real* defect() const { return classes_.defect(); }

  /// What a restart needs beside conserved values, classes and decisions.
  Clock clock() const {
    Clock c{t_, cfl_.steps, {0, 0}, 1};
    for (int q = 0; q < L::n_positive; ++q) c.floor[q] = floor_[q];
    if constexpr (requires { law_.scale; }) c.scale = law_.scale;
    return c;
  }

  /// Goes on from a saved state; continues bit for bit.
  void restore(const double* u, const std::uint8_t* classes, const double* defect, const Clock& clock,
               steer::Decisions decisions) {
    for (std::int64_t j = 0; j < n_; ++j) {
      put(make_state<Real, n_vars>([&](int k) { return Real(u[k * n_ + j]); }), j);
      if (classes[j] > 2) reject("classes", "0, 1 or 2", classes[j]);
      classes_.cells()[j] = static_cast<Class>(classes[j]);
      classes_.defect()[j] = Real(defect[j]);
    }
    t_ = clock.t;
    cfl_.steps = clock.steps;
    for (int q = 0; q < L::n_positive; ++q) floor_[q] = Real(clock.floor[q]);
    if constexpr (requires { law_.scale; }) law_.scale = Real(clock.scale);
    decisions_ = std::move(decisions);
    rate_ = rate_at(fastest_cell());
  }

  /// Time derivative of the conserved values as they stand, n_vars x n row-major: fluxes by the present classes and the
  /// source, without the positivity blend, which depends on a time step.
  void rate(double* out) {
    begin_step();
    if (options_.source) evaluate_source(row(0), t_);
    parallel_for(static_cast<std::size_t>(n_blocks(n_)), threads(), [&](std::size_t b) {
      const std::int64_t begin = static_cast<std::int64_t>(b) * block_cells, end = std::min(begin + block_cells, n_);
      Block<L> block(law_, std::as_const(*this).row(0).from(begin), end - begin);
      set_fluxes(block, begin);
      for (int k = 0; k < n_vars; ++k)
        for (std::int64_t j = begin; j < end; ++j) {
          const double flow = double(block.flux(k, j + 1 - begin)) - double(block.flux(k, j - begin));
          out[k * n_ + j] = -flow / dx_ + (options_.source ? double(source_[k * n_ + j]) : 0.0);
        }
    });
  }

  /// Advances to t_end.
  RunReport run(double t_end, const RunOptions& run_options) {
    Watch watch(run_options.watch);
    RunReport report;
    const double t_start = t_;
    threads_ = threads();
    double share[3] = {0, 0, 0};
    while (t_ < t_end) {
      const Stop stop = watch.check((t_ - t_start) / (t_end - t_start));
      if (stop != Stop::none || report.steps >= run_options.max_steps) {
        report.status = stop == Stop::requested    ? Status::stopped
                        : stop == Stop::time_limit ? Status::time_limit
                                                   : Status::max_steps;
        break;
      }
      const double full = run_options.dt > 0 ? run_options.dt : cfl_.suggest(rate_);
      const bool last = t_ + full >= t_end;
      report.dt = last ? t_end - t_ : full;
      if (!last && full < 1e-14 * std::abs(t_end)) {
        fail(report, Status::step_too_small, row(0), fastest_cell(), 0);
        break;
      }
      if (!step(report.dt, last && std::isfinite(full) ? report.dt / full : 1, report)) break;
      t_ = last ? t_end : t_ + full;
      cfl_.observe();
      ++report.steps;
      for (int c = 0; c < 3; ++c) share[c] += double(count_[c]) / double(n_);
    }
    for (int c = 0; c < 3; ++c) report.share[c] = report.steps ? share[c] / double(report.steps) : 0;
    report.seconds = watch.seconds();
    return report;
  }

 private:
  using Floor = typename Block<L>::Floor;

  /// What one block hands back.
  struct Tally {
    std::int64_t blended = 0, floored = 0;
    double rate = 0;
    bool bad = false;
  };

  bool adapts() const { return options_.variant == Variant::adaptive; }
  /// A thread pays from about eight blocks on.
  int threads() const {
    return static_cast<int>(std::clamp<std::int64_t>(n_blocks(n_) / 8, 1, resolve_threads(options_.threads)));
  }
  Rows<Real> row(int i) { return {state_[i].data() + halo, stride_}; }
  Rows<const Real> row(int i) const { return {state_[i].data() + halo, stride_}; }
  static State<Real, n_vars> cell(Rows<const Real> u, std::int64_t j) {
    return make_state<Real, n_vars>([&](int k) { return u[k][j]; });
  }

  const SchemeOptions& checked(const SchemeOptions& o) const {
    if (n_ < 6) reject("shape", "at least 6 cells", static_cast<double>(n_));
    if (!(dx_ > 0 && std::isfinite(dx_))) reject("extent", "finite ends in increasing order", dx_);
    if (!(o.classes.tol >= 0)) reject("tol", "a number >= 0", o.classes.tol);
    if (sizeof(Real) == 4 && o.variant == Variant::adaptive && o.classes.tol < 1e-5)
      reject("tol", "at least 1e-5 in single precision, whose round-off would fill the class map", o.classes.tol);
    if (!(o.classes.kappa > 0 && o.classes.kappa < 1)) reject("kappa", "a number in (0, 1)", o.classes.kappa);
    if (o.classes.grow < 0 || o.classes.grow > halo) reject("grow", "0, 1, 2 or 3 cells", o.classes.grow);
    if ((o.sides[0].kind == Boundary::periodic) != (o.sides[1].kind == Boundary::periodic))
      reject("bc", "periodic on both sides or on none", "one periodic side");
    for (const Side& side : o.sides)
      if (side.kind == Boundary::custom && !side.fill) reject("bc", "a function that fills the ghosts", "none");
    for (const double floor : o.floor)
      if (!(floor >= 0)) reject("floor", "numbers >= 0", floor);
    if (o.use_floor && L::n_positive == 0) reject("floor", "none for this law", o.floor[0]);
    return o;
  }

  /// Sets cell j of the state, which must be finite and admissible.
  void put(const State<Real, n_vars>& u, std::int64_t j) {
    if (!is_finite(u) || !law_.above(u, Floor{}))
      reject("state", is_finite(u) ? "positive density, pressure or depth" : "finite numbers",
             "another value at cell " + std::to_string(j));
    for (int k = 0; k < n_vars; ++k) row(0)[k][j] = u[k];
  }

  /// Scalar laws measure defects against the magnitude of the initial data.
  void set_scale() {
    if constexpr (requires { law_.scale; }) {
      Real largest = 0;
      for (std::int64_t j = 0; j < n_; ++j) largest = std::max(largest, std::abs(row(0)[0][j]));
      law_.scale = largest > 0 ? largest : Real(1);
    }
  }

  // ---- one step

  /// Ghosts and face classes of the present state.
  void begin_step() {
    boundaries_.fill(law_, row(0), t_, Form::conserved);
    if (adapts()) classes_.select_faces(law_, row(0), boundaries_);
  }

  /// Advances by dt, which is `cut` times a full step, or leaves the state as it is and says why in the report. A step
  /// that was cut to next to nothing leaves the classes alone.
  bool step(double dt, double cut, RunReport& report) {
    begin_step();
    count_[1] = adapts() ? classes_.count(Class::shock) : options_.variant == Variant::linear ? 0 : n_;
    count_[2] = adapts() ? classes_.count(Class::contact) : 0;
    count_[0] = n_ - count_[1] - count_[2];
    cut_ = cut;
    classifies_ = adapts() && cut > 1e-6;
    Tally total;
    if (twin_) twin_->start(law_, row(0));
    for (int stage = 0; stage < 3; ++stage) {
      if (stage > 0) boundaries_.fill(law_, row(stage), t_ + SspRk3::time[stage] * dt, Form::conserved);
      const auto tally = advance(stage, dt);
      total = {total.blended + tally.blended, total.floored + tally.floored, tally.rate, tally.bad};
      if (tally.bad) {
        const auto u = row(SspRk3::to[stage]);
        const std::int64_t j = first_bad(u, n_);
        const bool finite = j >= 0 && is_finite(cell(u, j));
        fail(report, finite ? Status::not_positive : Status::not_finite, u, std::max<std::int64_t>(j, 0), stage + 1);
        return false;
      }
    }
    if (twin_ && classifies_) twin_->compare(law_, row(0), row(SspRk3::to[2]), classes_, cut_, threads_);
    if (classifies_) classes_.widen(boundaries_);
    std::swap(state_[0], state_[SspRk3::to[2]]);
    rate_ = total.rate;
    report.blended += total.blended;
    report.floored += total.floored;
    decisions_.record({double(cfl_.steps), t_, dt, double(count_[0]), double(count_[1]), double(count_[2]),
                       classes_.largest_defect(), double(total.blended)});
    return true;
  }

  /// One Runge-Kutta stage of scheme and twin; the ghosts are filled.
  Tally advance(int stage, double dt) {
    const double t = t_ + SspRk3::time[stage] * dt;
    if (options_.source) evaluate_source(row(stage), t);
    const Tally tally = parallel_reduce(
        static_cast<std::size_t>(n_blocks(n_)), threads_, Tally{},
        [&](std::size_t b) {
          const std::int64_t begin = static_cast<std::int64_t>(b) * block_cells;
          return advance_block(stage, dt, begin, std::min(begin + block_cells, n_));
        },
        [](const Tally& a, const Tally& b) {
          return Tally{a.blended + b.blended, a.floored + b.floored, std::max(a.rate, b.rate), a.bad || b.bad};
        });
    if (twin_ && !tally.bad)
      twin_->advance(law_, stage, dt, dx_, t, options_.source ? source_.data() : nullptr, boundaries_, threads_);
    return tally;
  }

  Tally advance_block(int stage, double dt, std::int64_t begin, std::int64_t end) {
    const auto size = static_cast<std::size_t>(end - begin);
    const Rows<const Real> from = std::as_const(*this).row(SspRk3::from[stage]).from(begin);
    const Rows<const Real> old = std::as_const(*this).row(0).from(begin);
    const Rows<Real> to = row(SspRk3::to[stage]).from(begin);
    const Real ratio = Real(dt / dx_), a = Real(SspRk3::old[stage]), b = Real(SspRk3::fresh[stage]);
    const Real* source = options_.source ? source_.data() + begin : nullptr;
    Tally tally;
    Block<L> block(law_, from, end - begin);
    set_fluxes(block, begin);
    tally.blended = block.keep_positive(Real(2 * dt / dx_), floor_);
    if (stage == 0 && classifies_ && !twin_) compare_with_twin(block, ratio, begin, end);

    simd::Largest<Real> fastest;
    simd::Any<Real> bad;
    simd::for_each<Real>(size, [&]<class T>(std::size_t j) {
      auto u = block.template advanced<T>(j, ratio);
      if (source)
        for (int k = 0; k < n_vars; ++k) u[k] = u[k] + Real(dt) * simd::load<T>(source + k * n_ + j);
      if (stage > 0)
        for (int k = 0; k < n_vars; ++k) u[k] = a * simd::load<T>(old[k] + j) + b * u[k];
      bad.add(!law_.above(u, Floor{}));
      for (int k = 0; k < n_vars; ++k) simd::store(to[k] + j, u[k]);
      if (stage == 2) fastest.add(signal(law_.speeds(law_.primitive(u), 0)));
    });
    tally.rate = double(fastest.value()) / dx_;
    tally.bad = bad.found() || !std::isfinite(tally.rate);
    if (options_.use_floor) {
      tally.floored = raise_to_floor(to, end - begin);
      tally.bad = first_bad(to, end - begin) >= 0;
    }
    return tally;
  }

  /// The one-stage defect of a block.
  void compare_with_twin(const Block<L>& block, Real ratio, std::int64_t begin, std::int64_t end) {
    const auto twin = block.twin();
    const Real smooth_below = classes_.smooth_below(cut_);
    Real wave[block_cells], pressure[block_cells];
    simd::Any<Real> rough;
    simd::for_each<Real>(static_cast<std::size_t>(end - begin), [&]<class T>(std::size_t j) {
      const auto d = law_.defect(block.template primitive<T>(j), block.template advanced<T>(j, ratio),
                                 twin.template advanced<T>(j, ratio));
      const T largest = simd::max(d.wave, d.pressure);
      simd::store(wave + j, d.wave);
      simd::store(pressure + j, d.pressure);
      simd::store(classes_.defect() + begin + j, largest);
      rough.add(!(largest <= smooth_below));
    });
    classes_.classify(begin, end, wave, pressure, rough.found(), cut_);
  }

  void set_fluxes(Block<L>& block, std::int64_t begin) const {
    switch (options_.variant) {
      case Variant::adaptive:
        block.flux_by_class(classes_.faces() + begin);
        break;
      case Variant::aweno:
        block.template flux_everywhere<Treatment::shock>();
        break;
      case Variant::aweno_ldcu:
        block.template flux_everywhere<Treatment::shock_ldcu>();
        break;
      case Variant::linear:
        block.template flux_everywhere<Treatment::linear>();
        break;
    }
  }

  void evaluate_source(Rows<const Real> u, double t) {
    for (int k = 0; k < n_vars; ++k) std::copy_n(u[k], n_, source_u_.data() + k * n_);
    if constexpr (std::is_same_v<Real, double>) {
      options_.source(options_.source_ctx, t, source_u_.data(), source_.data(), n_);
    } else {
      std::vector<double> rates(source_.size());
      options_.source(options_.source_ctx, t, source_u_.data(), rates.data(), n_);
      std::copy(rates.begin(), rates.end(), source_.begin());
    }
  }

  /// Classes of the first step: a step is tried with full limiting and thrown away, else the first steps would smear
  /// contacts for good.
  void classify_dry() {
    threads_ = 1;
    cut_ = 1;
    classifies_ = true;
    classes_.fill(Class::shock);
    const double dt = cfl_.suggest(rate_);
    if (twin_) twin_->start(law_, row(0));
    for (int stage = 0; stage < (twin_ ? 3 : 1); ++stage) {
      boundaries_.fill(law_, row(stage), t_ + SspRk3::time[stage] * dt, Form::conserved);
      advance(stage, dt);
    }
    classes_.fill(Class::smooth);
    if (twin_) twin_->compare(law_, row(0), row(SspRk3::to[2]), classes_, 1, 1);
    classes_.widen(boundaries_);
  }

  // ---- speeds, floors and failures

  template <class T>
  static T signal(const Speeds<T>& s) {
    return simd::max(s.hi, -s.lo);
  }
  double rate_at(std::int64_t j) const { return double(signal(law_.speeds(law_.primitive(cell(row(0), j)), 0))) / dx_; }
  std::int64_t fastest_cell() const {
    std::int64_t best = 0;
    double fastest = rate_at(0);
    for (std::int64_t j = 1; j < n_; ++j)
      if (const double rate = rate_at(j); rate > fastest) fastest = rate, best = j;
    return best;
  }

  static bool is_finite(const State<Real, n_vars>& u) {
    return std::all_of(u.v, u.v + n_vars, [](Real x) { return std::isfinite(x); });
  }
  std::int64_t first_bad(Rows<const Real> u, std::int64_t count) const {
    for (std::int64_t j = 0; j < count; ++j)
      if (!is_finite(cell(u, j)) || !law_.above(cell(u, j), Floor{})) return j;
    return -1;
  }

  void fail(RunReport& report, Status status, Rows<const Real> u, std::int64_t j, int stage) const {
    report.status = status;
    report.bad_cell = j;
    report.bad_stage = stage;
    report.bad_class = classes_.cells()[j];
    const auto w = law_.primitive(cell(u, j));
    std::copy_n(w.v, n_vars, report.bad_state);
  }

  /// Opt-in floors: raises density and pressure, or depth, cell by cell.
  std::int64_t raise_to_floor(Rows<Real> u, std::int64_t count) const {
    std::int64_t raised = 0;
    if constexpr (L::n_positive > 0) {
      Floor floor;
      for (int q = 0; q < L::n_positive; ++q) floor[q] = Real(options_.floor[q]);
      for (std::int64_t j = 0; j < count; ++j) {
        auto state = cell(u, j);
        if (law_.above(state, floor)) continue;
        law_.raise(state, floor);
        for (int k = 0; k < n_vars; ++k) u[k][j] = state[k];
        ++raised;
      }
    }
    return raised;
  }

  L law_;
  std::int64_t n_;
  double dx_;
  SchemeOptions options_;
  Boundaries<L> boundaries_;
  ClassMap<L> classes_;
  std::optional<DualTwin<L>> twin_;
  steer::CflControl cfl_;
  steer::Decisions decisions_{{"step", "t", "dt", "smooth", "shock", "contact", "defect", "blended"}};
  std::ptrdiff_t stride_ = 0;
  std::vector<Real> state_[3], source_;
  std::vector<double> source_u_;
  Floor floor_{};
  double t_ = 0, rate_ = 0, cut_ = 1;
  bool classifies_ = false;
  std::int64_t count_[3] = {0, 0, 0};
  int threads_ = 1;
};

}  // namespace trimtab::hyperbolic
